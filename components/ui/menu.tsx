'use client'
import { cloneElement, createContext, lazy, Suspense, use, useState, type ComponentType, type KeyboardEvent, type MouseEvent, type ReactElement, type ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Icon } from './icon.tsx'

/** What a menu is made of (menu-content.tsx). It is fetched when a menu is first pointed at, so that no page waits for it. */
export type MenuParts = Readonly<{
  Item: ComponentType<{ asChild?: boolean; disabled?: boolean; onSelect?: () => void; className?: string; children: ReactNode }>
  CheckboxItem: ComponentType<{ checked?: boolean; disabled?: boolean; onCheckedChange?: (checked: boolean) => void; onSelect?: (event: Event) => void; className?: string; children: ReactNode }>
  Label: ComponentType<{ className?: string; children: ReactNode }>
  Separator: ComponentType<{ className?: string }>
}>

export const MenuPartsContext = createContext<MenuParts | null>(null)

type TriggerProps = {
  onPointerEnter?: (event: unknown) => void
  onFocus?: (event: unknown) => void
  onClick?: (event: MouseEvent) => void
  onKeyDown?: (event: KeyboardEvent) => void
  'aria-haspopup'?: 'menu'
  'aria-expanded'?: boolean
}

export type MenuProps = Readonly<{ trigger: ReactElement<TriggerProps>; align?: 'start' | 'end'; className?: string; children: ReactNode }>

const load = () => import('./menu-content.tsx')
const MenuContent = lazy(load)

/** A drop-down menu: arrows move, typing jumps, Escape closes. */
export function Menu(props: MenuProps) {
  const [opened, setOpened] = useState(false)
  const { props: own } = props.trigger
  const closed = cloneElement(props.trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: (event) => {
      void load()
      own.onPointerEnter?.(event)
    },
    onFocus: (event) => {
      void load()
      own.onFocus?.(event)
    },
    onClick: () => setOpened(true),
    onKeyDown: (event) => {
      if (event.key !== 'ArrowDown') return
      event.preventDefault()
      setOpened(true)
    },
  })
  return opened ? (
    <Suspense fallback={closed}>
      <MenuContent {...props} />
    </Suspense>
  ) : (
    closed
  )
}

/** An entry that acts. One that cannot be chosen now says why under its name. */
export function MenuItem({ reason, danger = false, onSelect, children }: { reason?: string | undefined; danger?: boolean; onSelect: () => void; children: ReactNode }) {
  const parts = use(MenuPartsContext)
  if (!parts) return null
  return (
    <parts.Item
      disabled={reason !== undefined}
      onSelect={onSelect}
      className={classNames(itemClass, danger ? 'text-danger' : 'text-ink', 'data-disabled:cursor-not-allowed data-disabled:text-ink-3')}
    >
      <span className="flex max-w-72 flex-col">
        {children}
        {reason !== undefined && <span className="text-small whitespace-normal">{reason}</span>}
      </span>
    </parts.Item>
  )
}

/** An entry that is on or off. The menu stays open: there may be more to choose. */
export function MenuCheckbox({ checked, reason, className, onChange, children }: { checked: boolean; reason?: string | undefined; className?: string; onChange: (checked: boolean) => void; children: ReactNode }) {
  const parts = use(MenuPartsContext)
  if (!parts) return null
  return (
    <parts.CheckboxItem
      checked={checked}
      disabled={reason !== undefined}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
      className={classNames(itemClass, 'items-start text-ink data-disabled:cursor-not-allowed data-disabled:text-ink-3', className)}
    >
      <Icon name="check" className={classNames('mt-0.5', !checked && 'invisible')} />
      <span className="flex max-w-72 flex-col">
        {children}
        {reason !== undefined && <span className="text-small whitespace-normal">{reason}</span>}
      </span>
    </parts.CheckboxItem>
  )
}

/** An entry that leads somewhere: its child is the link. */
export function MenuLink({ current = false, children }: { current?: boolean; children: ReactNode }) {
  const parts = use(MenuPartsContext)
  if (!parts) return null
  return (
    <parts.Item asChild className={classNames(itemClass, 'text-ink', current && 'font-semibold')}>
      {children}
    </parts.Item>
  )
}

export function MenuHeading({ children }: { children: ReactNode }) {
  const parts = use(MenuPartsContext)
  return parts && <parts.Label className="px-3 pt-1.5 pb-0.5 text-mini font-medium text-ink-3">{children}</parts.Label>
}

export function MenuSeparator() {
  const parts = use(MenuPartsContext)
  return parts && <parts.Separator className="my-1 h-px bg-line" />
}

const itemClass = 'flex w-full cursor-pointer items-center gap-2 px-3 py-1.5 text-left text-body outline-none select-none data-highlighted:bg-hover'
