'use client'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** A drop-down menu: arrows move, typing jumps, Escape closes. */
export function Menu({ trigger, align = 'end', className, children }: { trigger: ReactNode; align?: 'start' | 'end'; className?: string; children: ReactNode }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={classNames(
            'z-50 max-h-(--radix-dropdown-menu-content-available-height) max-w-[calc(100vw-1rem)] min-w-48 animate-rise overflow-y-auto rounded-panel border border-line bg-raised py-1 shadow-raised',
            className,
          )}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

/** An entry that acts. One that cannot be chosen now says why under its name. */
export function MenuItem({ reason, danger = false, onSelect, children }: { reason?: string | undefined; danger?: boolean; onSelect: () => void; children: ReactNode }) {
  return (
    <DropdownMenu.Item
      disabled={reason !== undefined}
      onSelect={onSelect}
      className={classNames(itemClass, danger ? 'text-danger' : 'text-ink', 'data-disabled:cursor-not-allowed data-disabled:text-ink-3')}
    >
      <span className="flex max-w-72 flex-col">
        {children}
        {reason !== undefined && <span className="text-small whitespace-normal">{reason}</span>}
      </span>
    </DropdownMenu.Item>
  )
}

/** An entry that leads somewhere: its child is the link. */
export function MenuLink({ current = false, children }: { current?: boolean; children: ReactNode }) {
  return (
    <DropdownMenu.Item asChild className={classNames(itemClass, 'text-ink', current && 'font-semibold')}>
      {children}
    </DropdownMenu.Item>
  )
}

export function MenuHeading({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-3 pt-1.5 pb-0.5 text-mini font-medium text-ink-3">{children}</DropdownMenu.Label>
}

export function MenuSeparator() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />
}

const itemClass = 'flex w-full cursor-pointer items-center gap-2 px-3 py-1.5 text-left text-body outline-none select-none data-highlighted:bg-hover'
