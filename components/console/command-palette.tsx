'use client'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Dialog } from '#components/ui/dialog.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { Action } from './action-state.ts'
import { barButtonClass } from './bar-button-class.ts'
import { dropEarlyKey, isPaletteKey, takeEarlyKeys } from './early-keys.ts'

// Fetched when it is first wanted, so that no page waits for it.
const load = () => import('./palette-content.tsx')
const PaletteContent = lazy(load)

/** Ctrl-K or Cmd-K: every page, repository, key, user and action by a few letters; an identifier goes straight to what it names. */
export function CommandPalette({ userName, signOut }: { userName: string | undefined; signOut: Action }) {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (!isPaletteKey(event)) return
      event.preventDefault()
      dropEarlyKey(event)
      setOpen((before) => !before)
    }
    takeEarlyKeys((event) => {
      if (isPaletteKey(event)) setOpen(true)
      return isPaletteKey(event)
    })
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
  return (
    <>
      <button
        type="button"
        aria-label="Command palette"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        title="Go anywhere, do anything"
        onClick={() => setOpen(true)}
        onPointerEnter={() => void load()}
        className={barButtonClass}
      >
        <Icon name="command" className="sm:hidden" />
        <kbd className="text-mini whitespace-nowrap max-sm:hidden">Ctrl K</kbd>
      </button>
      <Dialog title="Go to" open={open} onOpenChange={setOpen}>
        <Suspense fallback={<Skeleton className="h-8" />}>
          <PaletteContent userName={userName} signOut={signOut} onClose={() => setOpen(false)} />
        </Suspense>
      </Dialog>
    </>
  )
}
