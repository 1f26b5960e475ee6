'use client'
import { useState } from 'react'
import type { ActionState } from '#components/console/action-state.ts'
import { useAct } from '#components/console/act.ts'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { Form, FormInput, FormSelect } from '#components/console/form.tsx'
import { Button } from '#components/ui/button.tsx'
import { Actions, Dialog } from '#components/ui/dialog.tsx'
import { Hint } from '#components/ui/disabled-reason.tsx'
import { Menu, MenuCheckbox, MenuHeading, MenuItem, MenuSeparator } from '#components/ui/menu.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { useToast } from '#components/ui/toast.tsx'
import { refusal } from './refusal.ts'

/** What comes over the page, and forms with each answer that they can get. */
export function Overlays() {
  const toast = useToast()
  const { act } = useAct()
  const [open, setOpen] = useState(false)
  const [shown, setShown] = useState(true)
  return (
    <>
      <Panel title="Menus and hints">
        <div className="flex flex-wrap gap-2">
          <Menu trigger={<Button icon="more">Actions</Button>} align="start">
            <MenuHeading>What can be done</MenuHeading>
            <MenuItem onSelect={() => toast('Renamed')}>Rename</MenuItem>
            <MenuItem reason="It is the default branch." onSelect={() => undefined}>
              Make default
            </MenuItem>
            <MenuSeparator />
            <MenuCheckbox checked={shown} onChange={setShown}>
              Shown
            </MenuCheckbox>
            <MenuCheckbox checked reason="It says which row is which." onChange={() => undefined}>
              Always shown
            </MenuCheckbox>
            <MenuSeparator />
            <MenuItem danger onSelect={() => undefined}>
              Delete
            </MenuItem>
          </Menu>
          <Hint text="Text beside what is pointed at or focused. Escape takes it away.">
            <Button>Pointed at, it says more</Button>
          </Hint>
        </div>
      </Panel>
      <Panel title="Dialogs">
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setOpen(true)}>Open a dialog</Button>
          <Dialog title="A dialog" description="Escape and the cross close it; the focus goes back to where it was." open={open} onOpenChange={setOpen}>
            <Actions>
              <Button onClick={() => setOpen(false)}>Cancel</Button>
              <Button variant="primary" onClick={() => setOpen(false)}>
                Do it
              </Button>
            </Actions>
          </Dialog>
          <DialogForm button="A form that is refused" title="Create alias" action={refused} submit="Create alias">
            <FormInput name="AliasName" label="Alias" defaultValue="alias/app" />
          </DialogForm>
          <DialogForm button="One that takes its time" title="Verify" description="Three seconds." action={slow} submit="Verify" />
          <DialogForm button="Destructive, the name typed" variant="danger" title="Delete hello" description="All branches, tags, commits and files are lost." action={done} confirm="hello" danger submit="Delete repository" />
          <DialogForm button="Disabled, with a reason" title="" action={done} submit="" reason="AWS manages this key: nobody can delete it." />
          <DialogForm button="A secret, shown once" title="Create access key" action={secret} submit="Create access key" />
        </div>
      </Panel>
      <Panel title="A form">
        <Form action={wrong} submit="Create repository" cancel={() => undefined}>
          <FormInput name="repositoryName" label="Repository name" description="Send it: the answer names this field." defaultValue="bad name!" />
          <FormSelect name="region" label="Region">
            <option>US East (Ohio)</option>
          </FormSelect>
        </Form>
      </Panel>
      <Panel title="Toasts">
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => toast('Branch topic created')}>Done</Button>
          <Button onClick={() => act(done, {}, { undo: { action: undone, values: {} } })}>Done, with the way back</Button>
          <Button onClick={() => act(done, {}, { undo: { action: refused, values: {} } })}>Done, the way back refused</Button>
          <Button onClick={() => toast('The branch could not be brought back', { failed: true })}>Failed</Button>
        </div>
      </Panel>
    </>
  )
}

async function done(): Promise<ActionState> {
  return { outcome: 'done', message: 'Branch topic deleted' }
}

async function undone(): Promise<ActionState> {
  return { outcome: 'done', message: 'Branch topic created' }
}

async function refused(): Promise<ActionState> {
  return { outcome: 'refused', problem: refusal, fields: {} }
}

async function wrong(): Promise<ActionState> {
  return { outcome: 'refused', problem: { code: 'InvalidRepositoryNameException', message: 'The repository name is not valid.' }, fields: { repositoryName: 'Letters, digits, dots, dashes and underscores alone.' } }
}

async function secret(): Promise<ActionState> {
  return { outcome: 'done', secret: { title: 'Access key', description: 'For the aws CLI and the SDKs.', items: [['Access key ID', 'AKIAIOSFODNN7EXAMPLE'], ['Secret access key', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY']] } }
}

async function slow(): Promise<ActionState> {
  await new Promise((resolve) => setTimeout(resolve, 3000))
  return { outcome: 'done', message: 'Verified' }
}
