'use client'
import { usePathname, useSearchParams } from 'next/navigation'
import { useId, useRef, useState, type KeyboardEvent } from 'react'
import { PlainLink } from '#components/console/link.tsx'
import { Button, BusyMark } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { controlClass } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'

/** The branches and tags of a repository, or why they cannot be listed. */
export type ReferenceNames = Readonly<{ branches: readonly string[]; tags: readonly string[]; truncated: boolean } | { problem: string }>

/** Which branch, tag or commit the page shows. The names are asked for when it is first opened. `parameter` is the URL's. */
export function RefChooser({
  region,
  repositoryName,
  current,
  defaultBranch,
  names,
  parameter = 'ref',
  label = 'Branch or tag',
}: {
  region: string
  repositoryName: string
  current: string
  defaultBranch: string | undefined
  names: (region: string, repositoryName: string) => Promise<ReferenceNames>
  parameter?: string
  label?: string
}) {
  const pathname = usePathname()
  const given = useSearchParams()
  const id = useId()
  const panel = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const [known, setKnown] = useState<ReferenceNames>()
  const [typed, setTyped] = useState('')
  const [open, setOpen] = useState(false)
  const isCommit = /^[0-9a-f]{40}$/.test(current)

  async function opened() {
    const place = button.current?.getBoundingClientRect()
    if (panel.current && place) {
      panel.current.style.left = `${Math.max(8, Math.min(place.left, innerWidth - panel.current.offsetWidth - 8))}px`
      panel.current.style.top = `${place.bottom + 4}px`
      panel.current.querySelector('input')?.focus()
    }
    if (known === undefined || 'problem' in known) setKnown(await names(region, repositoryName))
  }

  function href(name: string): string {
    const next = new URLSearchParams(given)
    next.set('region', region)
    next.set(parameter, name)
    for (const place of ['token', 'file']) next.delete(place)
    return `${pathname}?${next.toString()}`
  }

  return (
    <>
      <Button ref={button} icon={isCommit ? 'commit' : 'branch'} popoverTarget={id} aria-haspopup="dialog" aria-label={`${isCommit ? 'Commit' : label}: ${current}`}>
        <span className="max-w-60 truncate">{isCommit ? current.slice(0, 8) : current}</span>
        <Icon name="chevronDown" className="size-3.5 text-ink-3" />
      </Button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        // Only while it is open: the keys of a page rest while there is a dialog.
        {...(open && { role: 'dialog', 'aria-label': `Choose: ${label}` })}
        onToggle={(event) => {
          setOpen(event.newState === 'open')
          if (event.newState === 'open') void opened()
        }}
        onKeyDown={moveBetweenLinks}
        onClick={(event) => {
          if (event.target instanceof Element && event.target.closest('a')) event.currentTarget.hidePopover()
        }}
        className="m-0 w-80 max-w-[calc(100vw-1rem)] rounded-panel border border-line bg-raised text-ink shadow-raised open:animate-appear"
      >
        <div className="border-b border-line p-2">
          <input
            type="search"
            aria-label="Find a branch, a tag or a commit ID"
            placeholder="Find, or paste a commit ID"
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.currentTarget.value)}
            className={classNames(controlClass, 'w-full')}
          />
        </div>
        <div className="max-h-80 overflow-y-auto py-1">
          {/^[0-9a-f]{40}$/i.test(typed.trim()) && (
            <PlainLink href={href(typed.trim().toLowerCase())} className={entryClass}>
              <Icon name="commit" /> Commit <span className="identifier">{typed.trim().slice(0, 8)}</span>
            </PlainLink>
          )}
          {known === undefined ? (
            <p role="status" className="flex items-center gap-2 px-3 py-1.5 text-ink-2">
              <BusyMark /> Reading the names
            </p>
          ) : 'problem' in known ? (
            <p role="alert" className="px-3 py-1.5 text-danger">
              {known.problem}
            </p>
          ) : (
            <>
              <Names heading="Branches" names={known.branches} typed={typed} current={current} defaultBranch={defaultBranch} href={href} />
              <Names heading="Tags" names={known.tags} typed={typed} current={current} defaultBranch={undefined} href={href} />
              {known.truncated && <p className="px-3 py-1.5 text-small text-ink-3">Only the first 1,000 of each are offered here.</p>}
            </>
          )}
        </div>
      </div>
    </>
  )
}

function Names({ heading, names, typed, current, defaultBranch, href }: { heading: string; names: readonly string[]; typed: string; current: string; defaultBranch: string | undefined; href: (name: string) => string }) {
  const found = names.filter((name) => name.toLowerCase().includes(typed.trim().toLowerCase()))
  if (found.length === 0) return null
  return (
    <section aria-label={heading}>
      <h3 className="px-3 pt-1.5 pb-0.5 text-mini font-medium text-ink-3">{heading}</h3>
      <ul>
        {found.map((name) => (
          <li key={name}>
            <PlainLink href={href(name)} aria-current={name === current ? 'true' : undefined} className={entryClass}>
              <Icon name="check" className={name === current ? 'mt-0.5 self-start' : 'invisible'} />
              <span className="min-w-0 wrap-anywhere">{name}</span>
              {name === defaultBranch && <span className="text-small text-ink-3">default</span>}
            </PlainLink>
          </li>
        ))}
      </ul>
    </section>
  )
}

function moveBetweenLinks(event: KeyboardEvent<HTMLDivElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined) return
  event.preventDefault()
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('input, a')]
  const at = stops.findIndex((stop) => stop === document.activeElement)
  stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus()
}

const entryClass = 'flex min-h-7 items-center gap-2 px-3 py-1 hover:bg-hover focus-visible:-outline-offset-2'
