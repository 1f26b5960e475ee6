'use client'
import { Dialog as Radix } from 'radix-ui'
import { useState } from 'react'
import { IconButton } from './button.tsx'
import type { DialogProps } from './dialog.tsx'

function DialogContent({ title, description, onOpenChange, closes = true, children }: DialogProps) {
  // The dialog has no trigger of its own, so it remembers itself where the focus came from.
  const [before] = useState(() => document.activeElement)
  return (
    <Radix.Root open onOpenChange={(next) => closes && onOpenChange(next)}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Radix.Content
          {...(description === undefined && { 'aria-describedby': undefined })}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            if (before instanceof HTMLElement && before.isConnected) before.focus()
          }}
          className="fixed top-[12vh] left-1/2 z-40 flex max-h-[80vh] w-[min(34rem,calc(100vw-1.5rem))] -translate-x-1/2 animate-appear flex-col rounded-panel border border-line bg-raised shadow-raised"
        >
          <div className="flex items-start gap-4 border-b border-line py-2.5 pr-2 pl-4">
            <Radix.Title className="grow py-0.5 text-lead font-semibold wrap-anywhere">{title}</Radix.Title>
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

// React.lazy takes a default export.
// eslint-disable-next-line no-restricted-syntax
export default DialogContent
