'use client'
import { useEffect, useEffectEvent, useRef } from 'react'
import { BusyMark } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { controlClass } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { useAskedUrl } from './asked-url.ts'

/** Narrows the page's list as one types; what was typed is in the URL as `filter`. `/` comes here. */
export function FindField({ label, placeholder, value, hidden = {} }: { label: string; placeholder: string; value: string | undefined; hidden?: Readonly<Record<string, string>> }) {
  const { change, pending } = useAskedUrl()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const field = useRef<HTMLInputElement>(null)
  // What was typed before the page had come alive.
  const begin = useEffectEvent(() => {
    if (field.current && field.current.value !== (value ?? '')) find(field.current.value)
  })
  useEffect(() => begin(), [])

  function find(text: string) {
    clearTimeout(timer.current)
    timer.current = undefined
    change({ filter: text }, { replace: true, given: hidden })
  }

  return (
    <form
      role="search"
      className="relative w-full max-w-sm"
      onSubmit={(event) => {
        event.preventDefault()
        const typed = new FormData(event.currentTarget).get('filter')
        find(typeof typed === 'string' ? typed : '')
      }}
    >
      {Object.entries(hidden).map(([name, content]) => (
        <input key={name} type="hidden" name={name} value={content} />
      ))}
      <span className="pointer-events-none absolute top-2 left-2 text-ink-3">{pending ? <BusyMark /> : <Icon name="search" />}</span>
      <input
        ref={field}
        type="search"
        name="filter"
        aria-label={label}
        placeholder={placeholder}
        defaultValue={value ?? ''}
        autoComplete="off"
        spellCheck={false}
        data-find=""
        className={classNames(controlClass, 'w-full px-8')}
        onChange={(event) => {
          const text = event.currentTarget.value
          clearTimeout(timer.current)
          timer.current = setTimeout(() => find(text), 250)
        }}
        // Whoever turns to something else is not overtaken by what they typed before.
        onBlur={(event) => {
          if (timer.current !== undefined) find(event.currentTarget.value)
        }}
      />
      <kbd aria-hidden="true" className="pointer-events-none absolute top-1.5 right-2 rounded-control border border-line px-1.5 text-mini text-ink-3 max-sm:hidden">
        /
      </kbd>
    </form>
  )
}
