import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Badge, Status } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Message } from '#components/ui/message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { Skeleton, TableSkeleton } from '#components/ui/skeleton.tsx'
import { refusal } from './refusal.ts'

/** What the console says: states, messages, what is on its way, what is not there. */
export function Feedback() {
  return (
    <>
      <Panel title="Badges and states">
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
          <Status tone="warning">Interrupted</Status>
          <Status tone="info">In progress</Status>
        </div>
      </Panel>
      <Panel title="Messages">
        <div className="flex flex-col gap-2">
          <Message tone="info" title="Something to know" />
          <Message tone="success" title="Something went well" actions={<Button>What next</Button>} />
          <Message tone="warning" title="Something to be careful of">
            <p>And why.</p>
          </Message>
          <Message tone="managed" title="AWS manages this key" />
          <Message tone="danger" title="Something went wrong">
            <p>What happened, why, and what to do.</p>
          </Message>
          <ProblemMessage problem={refusal} />
          <ProblemMessage problem={{ code: 'RepositoryNameExistsException', message: 'Repository named hello already exists.', advice: 'Choose another name, or open that one.' }} />
        </div>
      </Panel>
      <Panel title="On its way">
        <div className="flex flex-col gap-4">
          <Skeleton className="w-48" />
          <TableSkeleton rows={3} />
          <ProgressBar label="Import" text="32 of 80 objects" value={32} of={80} />
          <ProgressBar label="Nothing yet" text="0 of 80 objects" value={0} of={80} />
          <ProgressBar label="Done" text="All objects" value={80} of={80} />
          <ProgressBar label="How much is not known" text="It goes on" />
        </div>
      </Panel>
      <Panel title="Nothing there" flush>
        <EmptyState title="No repositories in US East (Ohio)" actions={<Button variant="primary">Create repository</Button>}>
          What would be here, and how to make the first.
        </EmptyState>
      </Panel>
    </>
  )
}
