'use client'
import { useEffect, useEffectEvent, useRef, useSyncExternalStore } from 'react'
import { Button, type ButtonProps } from '#components/ui/button.tsx'
import { RowsToCome } from '#components/ui/skeleton.tsx'
import { ButtonLink } from './link.tsx'
import type { PagedList } from './paged-list.ts'
import { ProblemMessage } from './problem-message.tsx'
import { formatTime } from './time.tsx'

/**
 * What stands under a list that the server pages: how many rows are shown, and the way to more of them. They come by themselves
 * as one scrolls near the end, or by the button; without scripts it is a link to the next page.
 *
 * @param noun  what the rows are, in the plural: `repositories`
 */
export function MoreRows<Row>({ list, noun }: { list: PagedList<Row>; noun: string }) {
  const { growing, pages, busy, problem, midway } = list
  const end = useRef<HTMLDivElement>(null)
  const status = useRef<HTMLParagraphElement>(null)
  const held = useRef(false)
  const more = growing === 'more'
  // A page without rows is a long search with nothing found so far: that goes on when one wants it to.
  const byItself = more && !busy && problem === undefined && (pages.at(-1)?.rows.length ?? 0) > 0
  const load = useEffectEvent(list.load)
  useEffect(() => {
    if (!end.current || !byItself) return
    const observer = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && load(), { rootMargin: `0px 0px ${near}px 0px` })
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [byItself, pages])
  useEffect(() => {
    if (more || problem !== undefined || !held.current) return
    // The button is gone that had the focus.
    held.current = false
    status.current?.focus()
  }, [more, problem])

  if (growing === undefined && !midway) return null
  return (
    <div className="flex flex-col gap-3">
      {more && !problem && <RowsToCome ref={end} busy={busy} />}
      {problem && <ProblemMessage problem={problem} live />}
      <div className="flex flex-wrap items-center justify-end gap-2">
        <p ref={status} role="status" tabIndex={-1} className="grow text-small text-ink-3">
          {words(list, noun)}
        </p>
        {(midway || problem) && <ButtonLink href={list.first}>First page</ButtonLink>}
        {(more || problem) && (
          <LoadButton href={list.next} busy={busy} onPress={list.load} onFocus={() => (held.current = true)} onBlur={() => (held.current = false)}>
            {problem ? 'Try again' : 'Load more'}
          </LoadButton>
        )}
      </div>
    </div>
  )
}

/** A link in the server's answer, a button once there are scripts. */
function LoadButton({ href, onPress, children, ...rest }: Pick<ButtonProps, 'busy' | 'onFocus' | 'onBlur'> & { href: string | undefined; onPress: () => void; children: string }) {
  const alive = useSyncExternalStore(never, () => true, () => false)
  return alive || href === undefined ? (
    <Button {...rest} onClick={onPress}>
      {children}
    </Button>
  ) : (
    <ButtonLink href={href} rel="next">
      {children}
    </ButtonLink>
  )
}

function words({ rows, pages, growing }: PagedList<unknown>, noun: string): string {
  const { total, until } = pages.at(-1) ?? {}
  const count = rows.length.toLocaleString('en-US')
  const shown = total === undefined ? `${count} ${noun} shown` : `${count} of ${total.toLocaleString('en-US')} ${noun} shown`
  return [shown, ...(until === undefined ? [] : [`back to ${formatTime(new Date(until))}`]), ...(growing === 'more' ? ['there are more'] : [])].join(', ')
}

const never = () => () => undefined
/** Pixels under what is seen, from where on rows are asked for: about a dozen rows. */
const near = 400
