import type { ReactNode } from 'react'
import { Mark } from '#components/console/mark.tsx'
import { ToastProvider } from '#components/ui/toast.tsx'

export default function SignedOutLayout({ children }: { children: ReactNode }) {
  return (
    <ToastProvider>
      <main className="grid min-h-screen grid-rows-[1fr_auto_1.6fr] justify-items-center bg-canvas px-4">
        <div className="row-start-2 flex w-full max-w-88 flex-col gap-5 py-8">
          <div className="flex items-center gap-2 text-accent">
            <Mark className="size-7" />
            <span className="text-title font-semibold tracking-tight text-ink">Codekeep</span>
          </div>
          {children}
        </div>
      </main>
    </ToastProvider>
  )
}
