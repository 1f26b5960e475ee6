'use client'
import { cloneElement, useId, useRef, type ReactElement, type ReactNode } from 'react'

type DescribedProps = { 'aria-describedby'?: string | undefined }

/**
 * Text that appears beside what is pointed at or focused, above everything else on the page. Escape takes it away. Never the
 * only place where something needed is said.
 */
export function Hint({ text, children }: { text: ReactNode; children: ReactElement<DescribedProps> }) {
  const id = useId()
  const anchor = useRef<HTMLSpanElement>(null)
  const hint = useRef<HTMLSpanElement>(null)
  const leaving = useRef<ReturnType<typeof setTimeout>>(undefined)

  function show() {
    clearTimeout(leaving.current)
    const element = hint.current
    const place = anchor.current?.getBoundingClientRect()
    if (!element || !place || element.matches(':popover-open')) return
    element.showPopover()
    const { offsetWidth: width, offsetHeight: height } = element
    const below = place.bottom + height + 8 < innerHeight
    element.style.left = `${Math.max(8, Math.min(place.left, innerWidth - width - 8))}px`
    element.style.top = `${below ? place.bottom + 4 : place.top - height - 4}px`
  }

  function hide() {
    // Time to move onto the text itself.
    leaving.current = setTimeout(() => {
      if (hint.current?.matches(':popover-open')) hint.current.hidePopover()
    }, 120)
  }

  return (
    <span
      ref={anchor}
      className="inline-flex"
      onPointerEnter={show}
      onPointerLeave={hide}
      onFocus={show}
      onBlur={hide}
      onKeyDown={(event) => {
        if (event.key === 'Escape') hide()
      }}
    >
      {cloneElement(children, { 'aria-describedby': id })}
      <span
        ref={hint}
        id={id}
        role="tooltip"
        popover="manual"
        onPointerEnter={() => clearTimeout(leaving.current)}
        className="m-0 max-w-80 rounded-control bg-bar px-2.5 py-1.5 text-small wrap-anywhere whitespace-normal text-bar-ink shadow-raised open:animate-appear"
      >
        {text}
      </span>
    </span>
  )
}

/** What cannot be done now says why, on pointing and on focus; without a reason, the child alone. */
export function WithReason({ reason, children }: { reason: string | undefined; children: ReactElement<DescribedProps> }) {
  return reason === undefined ? children : <Hint text={reason}>{children}</Hint>
}
