'use client'
import { ButtonLink, Link } from '#components/console/link.tsx'
import { Button, IconButton } from '#components/ui/button.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { WithReason } from '#components/ui/disabled-reason.tsx'
import { Checkbox, Input, Radio, Select, Textarea } from '#components/ui/field.tsx'
import { Icon, iconNames } from '#components/ui/icon.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Shown } from './shown.tsx'

/** What can be pressed and filled in, in each of its states. */
export function Controls() {
  return (
    <>
      <Panel title="Buttons">
        <div className="flex flex-col gap-3">
          {states.map(([state, as]) => (
            <Shown key={state} state={state} {...(as && { as })}>
              <Button variant="primary">Create repository</Button>
              <Button>Secondary</Button>
              <Button variant="danger">Delete</Button>
              <Button variant="quiet">Quiet</Button>
              <Button icon="add">With a glyph</Button>
              <IconButton icon="more" label={`More, ${state}`} />
              <CopyButton text="arn:aws:kms" label={`Copy, ${state}`} />
            </Shown>
          ))}
          <Shown state="Busy">
            <Button variant="primary" busy>
              Create repository
            </Button>
            <Button busy>Secondary</Button>
            <Button variant="danger" busy>
              Delete
            </Button>
          </Shown>
          <Shown state="Disabled, with a reason">
            <WithReason reason="Fill in the name first.">
              <Button variant="primary" disabled>
                Create repository
              </Button>
            </WithReason>
            <WithReason reason="AWS manages this key: nobody can change it.">
              <Button disabled>Disable</Button>
            </WithReason>
            <WithReason reason="AWS manages this key: nobody can delete it.">
              <Button variant="danger" disabled>
                Delete
              </Button>
            </WithReason>
          </Shown>
        </div>
      </Panel>
      <Panel title="Links">
        <div className="flex flex-col gap-3">
          {states.map(([state, as]) => (
            <Shown key={state} state={state} {...(as && { as })}>
              <Link href="/design">A link in text and tables</Link>
              <ButtonLink href="/design">A link as a button</ButtonLink>
              <ButtonLink href="/design" variant="primary" icon="add">
                Create key
              </ButtonLink>
            </Shown>
          ))}
        </div>
      </Panel>
      <Panel title="Fields">
        <div className="flex flex-col gap-6">
          {states.map(([state, as]) => (
            <Shown key={state} state={state} {...(as && { as })}>
              <div className="grid w-full grid-cols-1 gap-4 sm:grid-cols-3">
                <Input label="Text" description="How to fill it in" placeholder="Placeholder" />
                <Select label="Select" description="The platform's own list">
                  <option>US East (Ohio)</option>
                  <option>Europe (Ireland)</option>
                </Select>
                <Textarea label="Text of several lines" optional rows={1} />
              </div>
            </Shown>
          ))}
          <Shown state="Wrong">
            <div className="grid w-full grid-cols-1 gap-4 sm:grid-cols-3">
              <Input label="Repository name" error="It must have letters, digits, dots, dashes and underscores alone." defaultValue="bad name!" />
              <Select label="Region" error="It is closed to this account.">
                <option>US East (Ohio)</option>
              </Select>
              <Textarea label="Description" error="At most 1,000 characters." rows={1} defaultValue="Too long" />
            </div>
          </Shown>
          <Shown state="Disabled, read only">
            <div className="grid w-full grid-cols-1 gap-4 sm:grid-cols-3">
              <Input label="Account ID" description="It cannot be changed." disabled defaultValue="111122223333" />
              <Select label="Key" description="Repositories have no other." disabled>
                <option>aws/codecommit</option>
              </Select>
              <Input label="Ciphertext" readOnly defaultValue="AQICAHh" />
            </div>
          </Shown>
          {states.map(([state, as]) => (
            <Shown key={state} state={state} {...(as && { as })}>
              <Checkbox label="Check box" description="What it means" />
              <Checkbox label="Checked" defaultChecked />
              <Radio name={`radio-${state}`} label="One" defaultChecked />
              <Radio name={`radio-${state}`} label="Another" />
              <Checkbox label="Disabled" description="Not now" disabled />
            </Shown>
          ))}
        </div>
      </Panel>
      <Panel title="Glyphs">
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(8rem,1fr))] gap-2">
          {iconNames.map((name) => (
            <li key={name} className="flex items-center gap-2">
              <Icon name={name} /> <code>{name}</code>
            </li>
          ))}
        </ul>
      </Panel>
    </>
  )
}

const states = [['At rest', undefined], ['Pointed at', 'hover'], ['Focused', 'focus']] as const
