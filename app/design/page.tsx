import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { config } from '#lib/config'
import { DesignTable } from './design-table.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Badge, Status } from '#components/ui/badge.tsx'
import { Button, IconButton } from '#components/ui/button.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { WithReason } from '#components/ui/disabled-reason.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Checkbox, Input, Radio, Select, Textarea } from '#components/ui/field.tsx'
import { Message } from '#components/ui/message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { TableSkeleton } from '#components/ui/skeleton.tsx'
import { Tabs } from '#components/ui/tabs.tsx'

export const metadata: Metadata = { title: 'Design' }

/** Every primitive in every state, to look at. In development only. */
export default function DesignPage() {
  if (!config().development) notFound()
  return (
    <main className="mx-auto flex max-w-5xl flex-col gap-4 p-6">
      <h1 className="text-display font-semibold tracking-tight">Design</h1>
      <Panel title="Colour">
        <div className="grid grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] gap-2">
          {colours.map((name) => (
            <div key={name} className="flex items-center gap-2">
              <span className="size-7 rounded-control border border-line" style={{ background: `var(--${name})` }} />
              <code>{name}</code>
            </div>
          ))}
        </div>
      </Panel>
      <Panel title="Type">
        <p className="text-display">Display: what a page is called that has nothing else on it</p>
        <p className="text-title">Title: a page</p>
        <p className="text-lead">Lead: a part of a page</p>
        <p>Body: the size of work</p>
        <p className="text-small text-ink-2">Small: how to fill something in</p>
        <p className="text-mini text-ink-3">Mini: a badge, a key</p>
        <p className="identifier">arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab</p>
      </Panel>
      <Panel title="Buttons">
        <div className="flex flex-wrap gap-2">
          <Button variant="primary">Primary</Button>
          <Button>Secondary</Button>
          <Button variant="danger">Danger</Button>
          <Button variant="quiet">Quiet</Button>
          <Button icon="add">With a glyph</Button>
          <Button variant="primary" busy>
            Busy
          </Button>
          <WithReason reason="AWS manages this key: nobody can change it.">
            <Button disabled>Disabled, with a reason</Button>
          </WithReason>
          <IconButton icon="more" label="More" />
        </div>
      </Panel>
      <Panel title="Fields">
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          <Input label="Text" description="How to fill it in" placeholder="Placeholder" />
          <Input label="With an error" error="What is wrong with it." defaultValue="bad name!" />
          <Input label="Optional" optional />
          <Input label="Disabled" disabled defaultValue="Cannot be changed" />
          <Select label="Select">
            <option>US East (Ohio)</option>
          </Select>
          <Textarea label="Text of several lines" rows={2} />
          <Checkbox label="Check box" description="What it means" />
          <Radio name="radio" label="Radio button" />
        </div>
      </Panel>
      <Panel title="States">
        <div className="flex flex-wrap gap-4">
          <Badge>Neutral</Badge>
          <Badge tone="managed">AWS managed</Badge>
          <Badge tone="success">Success</Badge>
          <Badge tone="warning">Warning</Badge>
          <Badge tone="danger">Danger</Badge>
          <Badge tone="info">Info</Badge>
          <Status tone="success">Enabled</Status>
          <Status tone="neutral">Disabled</Status>
          <Status tone="danger">Pending deletion</Status>
          <Status tone="warning">Warning</Status>
          <Status tone="info">Info</Status>
        </div>
      </Panel>
      <Panel title="Messages">
        <div className="flex flex-col gap-2">
          <Message tone="info" title="Something to know" />
          <Message tone="success" title="Something went well" />
          <Message tone="warning" title="Something to be careful of">
            <p>And why.</p>
          </Message>
          <Message tone="managed" title="AWS manages this key" />
          <ProblemMessage
            problem={{
              code: 'AccessDeniedException',
              message: 'User: arn:aws:iam::111122223333:user/alice is not authorized to perform: kms:Decrypt with an explicit deny in an identity-based policy',
              advice: 'An explicit Deny outweighs every Allow. Whoever administers IAM here can remove that statement or narrow it.',
              refusal: {
                action: 'kms:Decrypt',
                resource: 'arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
                decidedBy: [{ source: 'identity-policy', policy: 'deny-decrypt', attachedTo: 'alice', statement: 'NoDecrypt', index: 0, effect: 'Deny' }],
              },
            }}
          />
        </div>
      </Panel>
      <Panel title="Table">
        <DesignTable />
      </Panel>
      <Panel title="On its way">
        <TableSkeleton rows={3} />
      </Panel>
      <Panel title="Empty">
        <EmptyState title="No repositories in US East (Ohio)" actions={<Button variant="primary">Create repository</Button>}>
          What would be here, and how to make the first.
        </EmptyState>
      </Panel>
      <Panel title="Properties, tabs, code">
        <div className="flex flex-col gap-4">
          <Properties
            items={[
              ['Repository ID', 'b5306d5e-e04d-40e2-bc31-0d9ece024a51'],
              ['Region', 'US East (Ohio)'],
            ]}
          />
          <Tabs
            label="Ways to clone"
            tabs={[
              { id: 'https', name: 'HTTPS', content: <CodeBlock code="git clone https://localhost:8443/v1/regions/us-east-2/repos/hello" label="command" /> },
              { id: 'ssh', name: 'SSH', content: <p>The other one</p> },
            ]}
          />
        </div>
      </Panel>
    </main>
  )
}

const colours = [
  ...['canvas', 'surface', 'raised', 'sunken', 'hover', 'selected', 'line', 'outline', 'ink', 'ink-2', 'ink-3', 'accent', 'accent-hover', 'on-accent'],
  ...['managed', 'managed-soft', 'danger', 'danger-fill', 'danger-soft', 'warning', 'warning-soft', 'success', 'success-soft', 'info', 'info-soft', 'bar', 'bar-hover'],
]
