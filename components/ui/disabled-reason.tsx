'use client'
import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'

/** Text that appears beside what is pointed at or focused. Never the only place where something needed is said. */
export function Hint({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Tooltip.Provider delayDuration={250}>
      <Tooltip.Root>
        <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Content
            sideOffset={6}
            collisionPadding={8}
            className="z-50 max-w-80 animate-appear rounded-control bg-bar px-2.5 py-1.5 text-small text-bar-ink shadow-raised"
          >
            {text}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  )
}

/** What cannot be done now says why, on pointing and on focus; without a reason, the child alone. */
export function WithReason({ reason, children }: { reason: string | undefined; children: ReactNode }) {
  return reason === undefined ? children : <Hint text={reason}>{children}</Hint>
}
