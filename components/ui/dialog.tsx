'use client'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { IconButton } from './button.tsx'

/** A dialog over the page: Escape and the cross close it, the focus stays in it and returns to where it was. */
export function Dialog({
  title,
  description,
  open,
  onOpenChange,
  closes = true,
  children,
}: {
  title: string
  description?: ReactNode
  open: boolean
  onOpenChange: (open: boolean) => void
  /** False where only its own buttons close it. */
  closes?: boolean
  children: ReactNode
}) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => closes && onOpenChange(next)}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Radix.Content
          {...(description === undefined && { 'aria-describedby': undefined })}
          className="fixed top-[12vh] left-1/2 z-40 flex max-h-[80vh] w-[min(34rem,calc(100vw-1.5rem))] -translate-x-1/2 animate-appear flex-col rounded-panel border border-line bg-raised shadow-raised"
        >
          <div className="flex items-start gap-4 border-b border-line py-2.5 pr-2 pl-4">
            <Radix.Title className="grow py-0.5 text-lead font-semibold">{title}</Radix.Title>
            {closes && (
              <Radix.Close asChild>
                <IconButton icon="close" label="Close" />
              </Radix.Close>
            )}
          </div>
          <div className="flex flex-col gap-4 overflow-y-auto p-4">
            {description !== undefined && (
              <Radix.Description asChild>
                <div className="text-ink-2">{description}</div>
              </Radix.Description>
            )}
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** The row of buttons at the foot of a dialog or form: the one that acts comes last. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center justify-end gap-2">{children}</div>
}
