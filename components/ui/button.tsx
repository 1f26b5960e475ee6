'use client'
import type { ButtonHTMLAttributes, Ref } from 'react'
import { buttonClass, type ButtonVariant } from './button-class.ts'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './icon.tsx'

export type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> & {
  variant?: ButtonVariant
  icon?: IconName
  /** Work is under way: the button says so and takes no second click, but keeps the focus. */
  busy?: boolean
  disabled?: boolean
  ref?: Ref<HTMLButtonElement>
}

/** A button. To say *why* one cannot be pressed, wrap it: `WithReason` in disabled-reason.tsx. */
export function Button({ variant = 'secondary', icon, busy = false, disabled = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      // A busy or disabled button stays focusable: a keyboard user can still reach it and learn why.
      aria-disabled={disabled || busy || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (disabled || busy) event.preventDefault()
        else onClick?.(event)
      }}
      className={classNames(buttonClass(variant), className)}
    >
      {busy ? <BusyMark /> : icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

/** A button that only shows a glyph; `label` is its name. */
export function IconButton({ icon, label, className, ...rest }: ButtonProps & { icon: IconName; label: string }) {
  return <Button variant="quiet" {...rest} icon={icon} aria-label={label} title={label} className={classNames('px-1.5', className)} />
}

/** A turning ring, in place of the icon of what is busy. */
export function BusyMark() {
  return (
    <svg aria-hidden="true" viewBox="0 0 16 16" className="size-4 shrink-0 animate-busy" fill="none" strokeWidth="1.75">
      <circle cx="8" cy="8" r="5.5" stroke="currentColor" opacity="0.3" />
      <path d="M13.5 8A5.5 5.5 0 0 0 8 2.5" stroke="currentColor" strokeLinecap="round" />
    </svg>
  )
}
