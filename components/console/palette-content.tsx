'use client'
import { usePathname, useRouter } from 'next/navigation'
import { use, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { inRegion, paths } from '#app/paths.ts'
import { BusyMark } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { controlClass } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { useToast } from '#components/ui/toast.tsx'
import type { Action } from './action-state.ts'
import { fixedEntries, isIdentifier, matching, type Entry, type Found } from './palette-entries.ts'
import { recentRegions, RegionContext, useRegion } from './region.ts'
import { serviceOf } from './services.ts'

function PaletteContent({ userName, signOut, onClose }: { userName: string | undefined; signOut: Action; onClose: () => void }) {
  const router = useRouter()
  const pathname = usePathname()
  const region = useRegion()
  const { regions } = use(RegionContext)
  const toast = useToast()
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const goWhenFound = useRef(false)
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const [answer, setAnswer] = useState<Readonly<{ text: string; found: readonly Found[] }>>({ text: '', found: [] })
  const wanted = text.trim()
  const searching = wanted.length > 1 && answer.text !== wanted
  const fixed = useMemo(() => fixedEntries(region, regions, userName), [region, regions, userName])
  const entries: readonly Entry[] = [...(answer.text === wanted ? answer.found : []), ...(isIdentifier(wanted) ? [] : matching(fixed, wanted))]
  const chosen = Math.min(active, entries.length - 1)

  useEffect(() => {
    if (wanted.length < 2) return
    const gone = new AbortController()
    const timer = setTimeout(
      () => {
        const repository = /^\/codecommit\/repositories\/([^/]+)\/?/.exec(pathname)?.[1]
        fetch(paths.find(wanted, { region, repository: repository && decodeURIComponent(repository), recent: recentRegions() }), { signal: gone.signal })
          .then((response) => (response.ok ? (response.json() as Promise<{ results: Found[] }>) : { results: [] }))
          .then(({ results }) => setAnswer({ text: wanted, found: results }))
          // Offline, or no longer wanted: the pages and actions are there all the same.
          .catch(() => gone.signal.aborted || setAnswer({ text: wanted, found: [] }))
      },
      isIdentifier(wanted) ? 0 : 200,
    )
    return () => {
      clearTimeout(timer)
      gone.abort()
    }
  }, [wanted, region, pathname])

  useEffect(() => {
    const [first] = answer.found
    if (goWhenFound.current && answer.text === wanted && first) choose(first)
  })

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen, entries.length])

  function choose(entry: Entry) {
    goWhenFound.current = false
    onClose()
    if (entry.href !== undefined) router.push(entry.href)
    else if (entry.region !== undefined) {
      const service = serviceOf(pathname)
      const isList = !service || service.entries.some(({ within }) => within === pathname)
      router.push(isList ? inRegion(`${pathname}${location.search}`, entry.region) : service.home(entry.region))
    } else if (entry.act === 'copy-link') {
      navigator.clipboard.writeText(location.href).then(
        () => toast('Link copied'),
        () => toast('The browser did not allow copying'),
      )
    } else if (entry.act === 'sign-out') {
      void signOut(new FormData()).then((state) => {
        if (state.outcome === 'done') location.assign(state.to ?? paths.signIn())
      })
    } else if (entry.act !== undefined) {
      document.cookie = `codekeep-theme=${entry.act}; Path=/; Max-Age=31536000; SameSite=Lax`
      document.documentElement.dataset['theme'] = entry.act
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, PageDown: chosen + 8, PageUp: chosen - 8 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      const last = entries.length - 1
      setActive(event.key.startsWith('Page') ? Math.max(0, Math.min(to, last)) : to > last ? 0 : to < 0 ? last : to)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      const entry = entries[chosen]
      if (entry && !(searching && isIdentifier(wanted))) choose(entry)
      else goWhenFound.current = searching
    }
  }

  return (
    <div className="flex min-h-0 flex-col gap-2">
      <div className="relative">
        <span className="pointer-events-none absolute top-2 left-2 text-ink-3">{searching ? <BusyMark /> : <Icon name="search" />}</span>
        <input
          role="combobox"
          aria-label="Page, repository, key, user or action; or an ID, an ARN"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={entries.length > 0 ? `${id}-${chosen}` : undefined}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          placeholder="Page, repository, key, user, action, ID or ARN"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setActive(0)
            goWhenFound.current = false
          }}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text').trim()
            if (!isIdentifier(pasted)) return
            event.preventDefault()
            setText(pasted)
            setActive(0)
            goWhenFound.current = true
          }}
          onKeyDown={onKeyDown}
          className={classNames(controlClass, 'w-full pl-8')}
        />
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label="Results" className="-mx-2 max-h-[50vh] min-h-24 overflow-y-auto">
        {groupsOf(entries).map(([group, members]) => (
          <div key={group} role="group" aria-label={group}>
            <div aria-hidden="true" className="px-2 pt-1.5 pb-0.5 text-mini font-medium text-ink-3">
              {group}
            </div>
            {members.map(([entry, index]) => (
              <div
                key={`${entry.name} ${entry.detail}`}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === chosen}
                onPointerMove={() => setActive(index)}
                onClick={() => choose(entry)}
                className="flex cursor-pointer items-baseline justify-between gap-4 rounded-control px-2 py-1 aria-selected:bg-selected"
              >
                <span className="min-w-0 truncate">{entry.name}</span>
                <span className="min-w-0 shrink-0 truncate text-small text-ink-3">{entry.detail}</span>
              </div>
            ))}
          </div>
        ))}
      </div>
      <p role="status" className="text-small text-ink-3">
        {searching ? 'Searching…' : entries.length === 0 ? 'Nothing of that name or ID that you may see' : `${entries.length} ${entries.length === 1 ? 'result' : 'results'}: arrows move, Enter goes`}
      </p>
    </div>
  )
}

/** Entries by their group, with their place in the list. */
function groupsOf(entries: readonly Entry[]): [Entry['group'], (readonly [Entry, number])[]][] {
  const groups = new Map<Entry['group'], (readonly [Entry, number])[]>()
  for (const [index, entry] of entries.entries()) groups.set(entry.group, [...(groups.get(entry.group) ?? []), [entry, index] as const])
  return [...groups]
}

// React.lazy takes a default export.
// eslint-disable-next-line no-restricted-syntax
export default PaletteContent
