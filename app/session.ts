import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { columnCookie, parseColumns } from '#components/console/column-cookie.ts'
import type { HiddenColumns } from '#components/ui/column-choice.tsx'
import { config } from '#lib/config'
import { findSession, type Session } from '#lib/iam/console-sessions'
import type { CallerPrincipal } from '#lib/iam/credentials'
import type { RequestContext } from '#lib/operation/context'
import { globalRegion, isRegion } from '#lib/operation/regions'
import { paths } from './paths.ts'

/** The context of a console request: always of somebody who has signed in. */
export type ConsoleContext = RequestContext & Readonly<{ principal: CallerPrincipal }>

/**
 * Who asks, from the session cookie: the context that every operation of the console runs in. Without a session it leads
 * to the sign-in page. Pages and actions each call it; that a page was shown is no proof for the action on it.
 *
 * `region` is the page's own (its URL, its form), else IAM's.
 */
export async function requestContext(region: string = globalRegion): Promise<ConsoleContext> {
  const elsewhere = await firstToDo()
  const session = await currentSession()
  if (elsewhere !== undefined || !session) redirect(elsewhere ?? paths.signIn())
  return contextOf(session, region)
}

/** Where the console must be opened from first: the sign-in page, or where a password that was given is changed. */
export async function firstToDo(): Promise<string | undefined> {
  const session = await currentSession()
  if (!session) return paths.signIn(await askedPath())
  return session.passwordResetRequired ? paths.changePassword(await askedPath()) : undefined
}

/** The same for who must change the password first, and may do nothing else. */
export async function changePasswordContext(): Promise<ConsoleContext> {
  const session = await currentSession()
  if (!session) redirect(paths.signIn())
  return contextOf(session, globalRegion)
}

async function contextOf(session: Session, region: string): Promise<ConsoleContext> {
  const client = await clientOf()
  return {
    principal: session.principal,
    region: isRegion(region) ? region : globalRegion,
    accountId: session.principal.accountId,
    requestId: crypto.randomUUID(),
    ...client,
    time: new Date(),
    session: { creationDate: session.createdAt, mfaAuthenticated: session.mfaAuthenticated },
    calledVia: [],
  }
}

/** The session of the request's cookie; null without one, or when it has ended. */
export const currentSession = cache(async () => {
  const token = (await cookies()).get(await sessionCookie())?.value
  return token === undefined ? null : findSession(token)
})

/** The token of the request's cookie, to end its session. */
export async function sessionToken(): Promise<string | undefined> {
  return (await cookies()).get(await sessionCookie())?.value
}

/** Keeps a session in the browser: out of reach of scripts, and sent to this server alone. */
export async function keepSession({ token, expiresAt }: { token: string; expiresAt: Date }): Promise<void> {
  const secure = await isSecure()
  ;(await cookies()).set(await sessionCookie(), token, { httpOnly: true, secure, sameSite: 'lax', path: '/', expires: expiresAt })
}

/** Takes the session out of the browser. */
export async function dropSession(): Promise<void> {
  const secure = await isSecure()
  ;(await cookies()).set(await sessionCookie(), '', { httpOnly: true, secure, sameSite: 'lax', path: '/', maxAge: 0 })
}

/** Where a request came from, as the trail records it. */
export async function clientOf(): Promise<Pick<RequestContext, 'sourceIPAddress' | 'userAgent' | 'secureTransport'>> {
  const sent = await headers()
  return {
    // The server puts the connection's address here (lib/server), whatever the client sent.
    sourceIPAddress: sent.get('x-forwarded-for')?.split(',')[0]?.trim() ?? 'unknown',
    userAgent: sent.get('user-agent') ?? '',
    secureTransport: await isSecure(),
  }
}

/** The Region a page is about: the one its URL asks for, else the one chosen last. */
export async function chosenRegion(asked?: string): Promise<string> {
  if (asked !== undefined && isRegion(asked)) return asked
  const kept = (await cookies()).get('codekeep-region')?.value
  return kept !== undefined && isRegion(kept) ? kept : firstRegion
}

/** The account signed in to last from this browser, to fill in the sign-in form. */
export async function lastAccountId(): Promise<string | undefined> {
  return (await cookies()).get('codekeep-account')?.value
}

/** Remembers the account for the next sign-in. */
export async function keepAccountId(accountId: string): Promise<void> {
  ;(await cookies()).set('codekeep-account', accountId, { httpOnly: true, secure: await isSecure(), sameSite: 'lax', path: '/', maxAge: 31_536_000 })
}

/** Whether this browser has said that it runs no scripts; the server then sends whole pages (lib/server/without-scripts). */
export async function isWithoutScripts(): Promise<boolean> {
  return (await cookies()).get('codekeep-scripts')?.value === 'off'
}

/** Light, dark, or as the system says. */
export async function chosenTheme(): Promise<'system' | 'light' | 'dark'> {
  const kept = (await cookies()).get('codekeep-theme')?.value
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

/** How this browser showed differences last: in one column, or in two. */
export async function chosenDiffView(): Promise<'split' | 'unified'> {
  return (await cookies()).get('codekeep-diff-view')?.value === 'split' ? 'split' : 'unified'
}

/** The columns that are left out of each table. */
export async function hiddenColumns(): Promise<HiddenColumns> {
  return parseColumns((await cookies()).get(columnCookie)?.value)
}

/** The path that the browser asked for (proxy.ts notes it), to come back to. */
export async function askedPath(): Promise<string | undefined> {
  return (await headers()).get('x-codekeep-path') ?? undefined
}

async function sessionCookie(): Promise<string> {
  // The prefix makes browsers refuse the cookie from anything but this very host over HTTPS.
  return (await isSecure()) ? '__Host-codekeep-session' : 'codekeep-session'
}

async function isSecure(): Promise<boolean> {
  return config().tls || (await headers()).get('x-forwarded-proto') === 'https'
}

const firstRegion = 'us-east-2'
