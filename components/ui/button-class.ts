import { classNames } from './class-names.ts'

export type ButtonVariant = 'primary' | 'secondary' | 'danger' | 'quiet'

/** The look of a button, for links that act like one. */
export function buttonClass(variant: ButtonVariant): string {
  return classNames(
    'inline-flex min-h-7 shrink-0 items-center justify-center gap-1.5 rounded-control border px-2.5 py-0.75 text-body font-medium whitespace-nowrap',
    'transition-colors duration-(--motion-quick) aria-disabled:cursor-not-allowed aria-disabled:opacity-55',
    variants[variant],
  )
}

const variants: Record<ButtonVariant, string> = {
  primary: 'border-transparent bg-accent text-on-accent not-aria-disabled:hover:bg-accent-hover',
  secondary: 'border-outline bg-surface text-ink not-aria-disabled:hover:bg-hover',
  danger: 'border-transparent bg-danger-fill text-[#fff] not-aria-disabled:hover:brightness-90',
  quiet: 'border-transparent bg-transparent text-ink-2 not-aria-disabled:hover:bg-hover not-aria-disabled:hover:text-ink',
}
