'use client'
import { useOptimistic, useState } from 'react'
import { paths, type EventQuery } from '#app/paths.ts'
import { fieldOf, useAct } from '#components/console/act.ts'
import type { Action, FormAction } from '#components/console/action-state.ts'
import { FormInDialog } from '#components/console/dialog-form.tsx'
import { FormInput } from '#components/console/form.tsx'
import { PlainLink } from '#components/console/link.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Button } from '#components/ui/button.tsx'
import { Menu, MenuHeading, MenuItem, MenuLink, MenuSeparator } from '#components/ui/menu.tsx'

/** A filter of the event history under a name; `href` can be given to anybody. */
export type SavedFilter = Readonly<{ name: string; href: string }>

/** The filters that this user has saved: each is a link. What is shown now can be saved, and a saved one removed. */
export function SavedFilters({ region, query, saved, save, remove }: { region: string; query: EventQuery; saved: readonly SavedFilter[]; save: Action; remove: Action }) {
  const [naming, setNaming] = useState(false)
  const { act, begin, problem } = useAct()
  const [shown, show] = useOptimistic(saved, changed)
  const { token: _place, event: _shown, ...conditions } = query
  const href = paths.events(region, conditions)
  const isFilter = Object.keys(conditions).length > 0
  const current = shown.find((filter) => filter.href === href)

  const saveIt: FormAction = (form) => {
    const name = fieldOf(form, 'Name').trim()
    // The form itself says that a name is missing.
    return name === '' ? save(form) : begin(save, () => ({ before: () => show({ name, href }), undo: { action: remove, values: valuesOf({ name, href }) } }))(form)
  }

  function removeIt(filter: SavedFilter) {
    act(remove, valuesOf(filter), { before: () => show({ name: filter.name, href: undefined }), undo: { action: save, values: valuesOf(filter) } })
  }

  return (
    <>
      {problem && <ProblemMessage problem={problem} live />}
      <Menu
        className="w-80"
        trigger={
          <Button icon="chevronDown" className="flex-row-reverse">
            Saved filters
          </Button>
        }
      >
        {shown.length > 0 && (
          <>
            <MenuHeading>Saved by you</MenuHeading>
            {shown.map((filter) => (
              <MenuLink key={filter.name} current={filter === current}>
                <PlainLink href={filter.href}>
                  <span className="wrap-anywhere">{filter.name}</span>
                </PlainLink>
              </MenuLink>
            ))}
            <MenuSeparator />
          </>
        )}
        <MenuItem reason={isFilter ? undefined : 'Set a condition or a time first.'} onSelect={() => setNaming(true)}>
          Save this filter…
        </MenuItem>
        {current && <MenuItem onSelect={() => removeIt(current)}>Remove “{current.name}”</MenuItem>}
      </Menu>
      <FormInDialog title="Save this filter" description="It is a link that only you see in this menu; the link itself works for whoever may read events." action={saveIt} hidden={{ Href: href }} submit="Save" open={naming} onOpenChange={setNaming}>
        <FormInput name="Name" label="Name" maxLength={80} />
      </FormInDialog>
    </>
  )
}

function valuesOf({ name, href }: SavedFilter): Readonly<Record<string, string>> {
  return { Name: name, Href: href }
}

/** The newest first, as the server keeps them. */
function changed(saved: readonly SavedFilter[], { name, href }: Readonly<{ name: string; href: string | undefined }>): readonly SavedFilter[] {
  const others = saved.filter((filter) => filter.name !== name)
  return href === undefined ? others : [{ name, href }, ...others]
}
