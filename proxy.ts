import { NextResponse, type NextRequest } from 'next/server'

/**
 * Before every page: a policy that lets only this answer's own scripts run, and a note of the path for the way back after
 * signing in. No decision about who may see what is made here.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID())
  const policy = rawFile.test(request.nextUrl.pathname) ? rawPolicy : contentSecurityPolicy(nonce, process.env.NODE_ENV === 'development')
  const headers = new Headers(request.headers)
  headers.set('Content-Security-Policy', policy)
  headers.set('x-codekeep-path', `${request.nextUrl.pathname}${request.nextUrl.search}`)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('Content-Security-Policy', policy)
  response.headers.set('X-Content-Type-Options', 'nosniff')
  response.headers.set('Referrer-Policy', 'same-origin')
  return response
}

/** A file of a repository by itself: a stranger's. What is set here wins over what its route would set. */
const rawFile = /^\/codecommit\/repositories\/[^/]+\/raw\//

/** No script, no request, no form, an origin of its own. */
const rawPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

export const config = { matcher: '/((?!_next/static|_next/image|favicon.ico|icon.svg).*)' }

function contentSecurityPolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'self'",
    // React rebuilds server stacks with eval in development only.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    // Style attributes place menus and dialogs; no stylesheet comes from elsewhere.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws: wss:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
