'use client'
import { useRouter } from 'next/navigation'
import { Fragment, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { paths as urls } from '#app/paths.ts'
import { PlainLink } from '#components/console/link.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { controlClass } from '#components/ui/field.tsx'
import { fuzzyMatches, type FuzzyMatch } from './fuzzy-match.ts'

/** Finds a file by some letters of its path. Arrows choose, Enter opens, Escape goes back. */
export function FileFinder({ region, repositoryName, paths, truncated, at }: { region: string; repositoryName: string; paths: readonly string[]; truncated: boolean; at: string | undefined }) {
  const router = useRouter()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState(0)
  const list = useRef<HTMLUListElement>(null)
  const wanted = useDeferredValue(typed)
  const found = useMemo(() => fuzzyMatches(paths, wanted, shown), [paths, wanted])
  const field = useRef<HTMLInputElement>(null)
  const href = (path: string) => urls.browse(region, repositoryName, path, at === undefined ? {} : { ref: at })
  useEffect(() => field.current?.focus(), [])
  useEffect(() => list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' }), [chosen])

  return (
    <div className="flex flex-col gap-3">
      <input
        ref={field}
        type="search"
        role="combobox"
        aria-label="Find a file by name"
        aria-expanded="true"
        aria-controls="files-found"
        aria-activedescendant={found.length > 0 ? `file-${chosen}` : undefined}
        placeholder="Some letters of its path"
        value={typed}
        autoComplete="off"
        spellCheck={false}
        data-find=""
        className={classNames(controlClass, 'max-w-2xl')}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
          if (step !== undefined) {
            event.preventDefault()
            setChosen((before) => Math.max(0, Math.min(found.length - 1, before + step)))
          } else if (event.key === 'Enter') {
            const match = fuzzyMatches(paths, typed, shown)[chosen]
            if (match) router.push(href(match.path))
          } else if (event.key === 'Escape' && typed === '') {
            router.back()
          }
        }}
      />
      <p role="status" className="text-small text-ink-3">
        {found.length === shown ? `The best ${shown}` : found.length.toLocaleString('en')} of {paths.length.toLocaleString('en')} files
        {truncated && ': only the first of this commit are looked through'}
      </p>
      <ul ref={list} id="files-found" role="listbox" aria-label="Files found" className="overflow-hidden rounded-panel border border-line bg-surface">
        {found.map((match, index) => (
          <li key={match.path} role="presentation" className={classNames('border-b border-line last:border-b-0', index === chosen ? 'bg-selected' : 'hover:bg-hover')}>
            <PlainLink id={`file-${index}`} role="option" aria-selected={index === chosen} href={href(match.path)} tabIndex={-1} className="block px-4 py-1.5 font-mono text-small wrap-anywhere">
              <Marked match={match} />
            </PlainLink>
          </li>
        ))}
        {found.length === 0 && <li role="presentation" className="p-4 text-ink-2">No file has these letters in this order.</li>}
      </ul>
    </div>
  )
}

function Marked({ match: { path, at } }: { match: FuzzyMatch }) {
  const marked = new Set(at)
  return Array.from({ length: path.length }, (_, index) => path.charAt(index))
    .reduce<{ text: string; mark: boolean }[]>((parts, letter, index) => {
      const mark = marked.has(index)
      const last = parts.at(-1)
      if (last?.mark === mark) last.text += letter
      else parts.push({ text: letter, mark })
      return parts
    }, [])
    .map(({ text, mark }, index) =>
      mark ? (
        <mark key={index} className="bg-transparent font-semibold text-accent">
          {text}
        </mark>
      ) : (
        <Fragment key={index}>{text}</Fragment>
      ),
    )
}

const shown = 100
