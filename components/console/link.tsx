import NextLink from 'next/link'
import type { ComponentProps } from 'react'
import { buttonClass, type ButtonVariant } from '#components/ui/button-class.ts'
import { classNames } from '#components/ui/class-names.ts'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { linkClass } from '#components/ui/link-class.ts'

type LinkProps = Omit<ComponentProps<typeof NextLink>, 'prefetch'>

/**
 * A link within the console. Not prefetched: every page asks the services for what it shows, and what is asked is recorded
 * in the event history as done by the user.
 */
export function Link({ className, ...rest }: LinkProps) {
  return <NextLink {...rest} prefetch={false} className={classNames(linkClass, className)} />
}

/** A link that looks like a button. */
export function ButtonLink({ variant = 'secondary', icon, className, children, ...rest }: LinkProps & { variant?: ButtonVariant; icon?: IconName }) {
  return (
    <NextLink {...rest} prefetch={false} className={classNames(buttonClass(variant), className)}>
      {icon && <Icon name={icon} />}
      {children}
    </NextLink>
  )
}

/** A link without a look of its own: navigation, menus. */
export function PlainLink(props: LinkProps) {
  return <NextLink {...props} prefetch={false} />
}
