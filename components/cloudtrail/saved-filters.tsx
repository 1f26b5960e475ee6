'use client'
import { useState, useTransition } from 'react'
import { paths, type EventQuery } from '#app/paths.ts'
import type { Action } from '#components/console/action-state.ts'
import { FormInDialog } from '#components/console/dialog-form.tsx'
import { FormInput } from '#components/console/form.tsx'
import { PlainLink } from '#components/console/link.tsx'
import { Button } from '#components/ui/button.tsx'
import { Menu, MenuHeading, MenuItem, MenuLink, MenuSeparator } from '#components/ui/menu.tsx'
import { useToast } from '#components/ui/toast.tsx'

/** A filter of the event history under a name; `href` can be given to anybody. */
export type SavedFilter = Readonly<{ name: string; href: string }>

/** The filters that this user has saved: each is a link. What is shown now can be saved, and a saved one removed. */
export function SavedFilters({ region, query, saved, save, remove }: { region: string; query: EventQuery; saved: readonly SavedFilter[]; save: Action; remove: Action }) {
  const [naming, setNaming] = useState(false)
  const [, start] = useTransition()
  const toast = useToast()
  const { token: _place, event: _shown, ...conditions } = query
  const href = paths.events(region, conditions)
  const isFilter = Object.keys(conditions).length > 0
  const current = saved.find((filter) => filter.href === href)

  function removeIt(filter: SavedFilter) {
    start(async () => {
      await remove(formOf(filter))
      toast(`Filter removed: ${filter.name}`, { undo: () => start(() => saveAgain(filter)) })
    })
  }

  async function saveAgain(filter: SavedFilter) {
    await save(formOf(filter))
  }

  return (
    <>
      <Menu
        className="w-80"
        trigger={
          <Button icon="chevronDown" className="flex-row-reverse">
            Saved filters
          </Button>
        }
      >
        {saved.length > 0 && (
          <>
            <MenuHeading>Saved by you</MenuHeading>
            {saved.map((filter) => (
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
      <FormInDialog title="Save this filter" description="It is a link that only you see in this menu; the link itself works for whoever may read events." action={save} hidden={{ Href: href }} submit="Save" open={naming} onOpenChange={setNaming}>
        <FormInput name="Name" label="Name" maxLength={80} />
      </FormInDialog>
    </>
  )
}

function formOf({ name, href }: SavedFilter): FormData {
  const form = new FormData()
  form.set('Name', name)
  form.set('Href', href)
  return form
}
