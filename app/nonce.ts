import { headers } from 'next/headers'

/** The nonce of this answer's Content-Security-Policy (proxy.ts), for a script of the page's own. */
export async function nonce(): Promise<string | undefined> {
  return /'nonce-([^']+)'/.exec((await headers()).get('content-security-policy') ?? '')?.[1]
}
