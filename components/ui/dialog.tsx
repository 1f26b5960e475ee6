'use client'
import { lazy, Suspense, type ReactNode } from 'react'

export type DialogProps = Readonly<{
  title: string
  description?: ReactNode
  open: boolean
  onOpenChange: (open: boolean) => void
  /** False where only its own buttons close it. */
  closes?: boolean
  children: ReactNode
}>

// Fetched when a dialog first opens, so that no page waits for it.
const DialogContent = lazy(() => import('./dialog-content.tsx'))

/** A dialog over the page: Escape and the cross close it, the focus stays in it and returns to where it was. */
export function Dialog(props: DialogProps) {
  if (!props.open) return null
  return (
    <Suspense>
      <DialogContent {...props} />
    </Suspense>
  )
}

/** The row of buttons at the foot of a dialog or form: the one that acts comes last. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center justify-end gap-2">{children}</div>
}
