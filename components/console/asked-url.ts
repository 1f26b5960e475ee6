'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useTransition } from 'react'

type Asked = Readonly<{ url: string; replace: boolean }>

/**
 * Goes to the same page with other parameters. Each change is made to the URL that was asked for last, though its page is still
 * on its way: of two that are chosen one right after the other, neither is lost. A parameter that is empty is left out.
 */
export function useAskedUrl(): Readonly<{
  /** `replace` leaves no way back to what was before; `given` are parameters that the URL may lack. */
  change: (parameters: Readonly<Record<string, string>>, options?: Readonly<{ replace?: boolean; given?: Readonly<Record<string, string>> }>) => void
  /** The same for a URL that is made of the one asked for last. */
  go: (to: (asked: string) => string, options?: Readonly<{ replace?: boolean }>) => void
  pending: boolean
}> {
  const router = useRouter()
  const [pending, start] = useTransition()
  const mine = useRef<Asked>(undefined)
  useEffect(() => {
    if (!pending) arrived(mine.current)
  }, [pending])
  useEffect(() => () => arrived(mine.current), [])

  function go(to: (asked: string) => string, { replace = false } = {}) {
    // What is replaced while it is on its way must not take the page before it along.
    const asked = { url: to(onItsWay?.url ?? `${location.pathname}${location.search}`), replace: replace && onItsWay?.replace !== false }
    mine.current = asked
    onItsWay = asked
    start(() => {
      if (asked.replace) router.replace(asked.url, { scroll: false })
      else router.push(asked.url)
    })
  }

  return {
    go,
    change: (parameters, { replace = false, given = {} } = {}) => go((url) => changed(url, given, parameters), { replace }),
    pending,
  }
}

/** One for the whole page, for those who change its URL know nothing of each other. */
let onItsWay: Asked | undefined

function arrived(asked: Asked | undefined) {
  if (asked === onItsWay) onItsWay = undefined
}

function changed(url: string, given: Readonly<Record<string, string>>, parameters: Readonly<Record<string, string>>): string {
  const [path = '', query = ''] = url.split('?')
  const next = new URLSearchParams(query)
  for (const [name, value] of Object.entries(given)) if (!next.has(name)) next.set(name, value)
  for (const [name, value] of Object.entries(parameters)) {
    if (value === '') next.delete(name)
    else next.set(name, value)
  }
  // A place in a list is none in another.
  next.delete('token')
  return `${path}?${next.toString()}`
}
