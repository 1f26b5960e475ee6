import { paths } from '../../paths.ts'

/** Where to go after signing in: a path of this server, whatever was asked for. */
export function localPath(next: string | undefined): string {
  if (next === undefined || !next.startsWith('/') || next.startsWith('/sign-in')) return paths.home()
  // What a browser would read as another host ("//host", "/\host", control characters) resolves away from this origin.
  if (!URL.canParse(next, here)) return paths.home()
  const url = new URL(next, here)
  return url.origin === here ? `${url.pathname}${url.search}` : paths.home()
}

const here = 'https://codekeep.invalid'
