'use client'
import { useState, useTransition } from 'react'
import { paths } from '#app/paths.ts'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Menu, MenuHeading, MenuItem, MenuLink, MenuSeparator } from '#components/ui/menu.tsx'
import type { Action } from './action-state.ts'
import { barButtonClass } from './bar-button-class.ts'
import { PlainLink } from './link.tsx'

/** Who is signed in. */
export type Viewer = Readonly<{ name: string; arn: string; accountId: string; root: boolean }>

export type Theme = 'system' | 'light' | 'dark'

/** Who is signed in, the account, light or dark, and the way out. */
export function UserMenu({ viewer, theme, signOut }: { viewer: Viewer; theme: Theme; signOut: Action }) {
  const [chosen, setChosen] = useState(theme)
  const [, start] = useTransition()
  return (
    <Menu
      className="w-72"
      trigger={
        <button type="button" className={barButtonClass}>
          <Icon name="user" />
          <span className="max-w-36 truncate max-md:sr-only">{viewer.name}</span>
          <Icon name="chevronDown" className="size-3.5 text-bar-ink-2 max-md:hidden" />
        </button>
      }
    >
      <div className="flex flex-col gap-0.5 px-3 py-1.5">
        <span className="font-medium wrap-anywhere">{viewer.root ? 'Root user' : viewer.name}</span>
        <span className="flex items-center text-small text-ink-2">
          Account ID <span className="identifier ml-1.5">{viewer.accountId}</span>
          <CopyButton text={viewer.accountId} label="Copy account ID" />
        </span>
      </div>
      <MenuSeparator />
      <MenuLink>
        <PlainLink href={paths.myCredentials()}>My security credentials</PlainLink>
      </MenuLink>
      <MenuHeading>Appearance</MenuHeading>
      {themes.map(([value, name]) => (
        <MenuItem
          key={value}
          onSelect={() => {
            setChosen(value)
            document.cookie = `codekeep-theme=${value}; Path=/; Max-Age=31536000; SameSite=Lax`
            document.documentElement.dataset['theme'] = value
          }}
        >
          <span className="flex items-center gap-2">
            <Icon name="check" className={chosen === value ? '' : 'invisible'} />
            {name}
          </span>
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem
        onSelect={() =>
          start(async () => {
            const answer = await signOut(new FormData())
            // A fresh document: nothing of the session stays in memory.
            if (answer.outcome === 'done') location.assign(answer.to ?? paths.signIn())
          })
        }
      >
        Sign out
      </MenuItem>
    </Menu>
  )
}

const themes: readonly (readonly [Theme, string])[] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
]
