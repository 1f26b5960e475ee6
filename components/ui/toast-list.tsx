'use client'
import { Toast as Radix } from 'radix-ui'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'
import type { Toast } from './toast.tsx'

function ToastList({ toasts, onRemove }: { toasts: readonly Toast[]; onRemove: (id: number) => void }) {
  return (
    <Radix.Provider swipeDirection="right" duration={5000}>
      {toasts.map((toast) => (
        <Radix.Root
          key={toast.id}
          onOpenChange={(open) => {
            if (!open) onRemove(toast.id)
          }}
          className="flex animate-rise items-center gap-2 rounded-panel border border-line bg-raised py-1.5 pr-1.5 pl-3 shadow-raised"
        >
          <Icon name={toast.failed ? 'danger' : 'success'} className={toast.failed ? 'text-danger' : 'text-success'} />
          <Radix.Title className="grow wrap-anywhere">{toast.text}</Radix.Title>
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

// React.lazy takes a default export.
// eslint-disable-next-line no-restricted-syntax
export default ToastList
