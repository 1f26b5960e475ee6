'use client'
import { Toast as Radix } from 'radix-ui'
import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'

type Toast = Readonly<{ id: number; text: string; undo?: () => void }>
type ShowToast = (text: string, options?: { undo?: () => void }) => void

/** Says what was just done, at the edge of the screen, for a while; F8 reaches it. What failed is said in place instead. */
export function useToast(): ShowToast {
  return use(ToastContext)
}

/** Where toasts appear; once, around the console. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const show = useCallback<ShowToast>((text, options) => {
    setToasts((shown) => [...shown.slice(-2), { id: (shown.at(-1)?.id ?? 0) + 1, text, ...(options?.undo && { undo: options.undo }) }])
  }, [])
  const remove = (id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id))
  const tree = useMemo(() => <ToastContext value={show}>{children}</ToastContext>, [show, children])
  return (
    <Radix.Provider swipeDirection="right" duration={5000}>
      {tree}
      {toasts.map((toast) => (
        <Radix.Root
          key={toast.id}
          onOpenChange={(open) => {
            if (!open) remove(toast.id)
          }}
          className="flex animate-rise items-center gap-2 rounded-panel border border-line bg-raised py-1.5 pr-1.5 pl-3 shadow-raised"
        >
          <Icon name="success" className="text-success" />
          <Radix.Title className="grow">{toast.text}</Radix.Title>
          {toast.undo && (
            <Radix.Action altText="Undo" onClick={toast.undo} className="rounded-control px-2 py-1 font-medium text-accent hover:bg-hover">
              Undo
            </Radix.Action>
          )}
          <Radix.Close asChild>
            <IconButton icon="close" label="Dismiss" />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className="fixed right-4 bottom-4 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2 outline-none" />
    </Radix.Provider>
  )
}

const ToastContext = createContext<ShowToast>(() => undefined)
