'use client'
import { createContext, lazy, Suspense, use, useCallback, useMemo, useState, type ReactNode } from 'react'

/** What was done, with the way back where there is one; `failed`: what could not be. */
export type Toast = Readonly<{ id: number; text: string; undo?: () => void; failed?: boolean }>
type ShowToast = (text: string, options?: Omit<Toast, 'id' | 'text'>) => void

// Fetched with the first toast, so that no page waits for it.
const ToastList = lazy(() => import('./toast-list.tsx'))

/** Says what was just done, at the edge of the screen, for a while; F8 reaches it. What failed is said in place instead. */
export function useToast(): ShowToast {
  return use(ToastContext)
}

/** Where toasts appear; once, around the console. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const [shownAny, setShownAny] = useState(false)
  const show = useCallback<ShowToast>((text, options) => {
    setShownAny(true)
    setToasts((shown) => [...shown.slice(-2), { id: (shown.at(-1)?.id ?? 0) + 1, text, ...options }])
  }, [])
  const remove = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), [])
  const tree = useMemo(() => <ToastContext value={show}>{children}</ToastContext>, [show, children])
  return (
    <>
      {tree}
      {shownAny && (
        <Suspense>
          <ToastList toasts={toasts} onRemove={remove} />
        </Suspense>
      )}
    </>
  )
}

const ToastContext = createContext<ShowToast>(() => undefined)
