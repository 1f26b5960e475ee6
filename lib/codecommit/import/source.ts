import { ServiceException } from '#lib/operation/exception'

/** Where an import comes from: an address that may be kept, and what signs in there, which may not. */
export type ImportSource = Readonly<{
  /** Without user name, password, query and fragment. */
  url: string
  hostname: string
  port: number
  credentials?: Readonly<{ username: string; password: string }>
}>

/**
 * Reads the source of an import. Only HTTPS: `file:` and paths would be this server's own files, plain HTTP and git:// carry
 * repository data in the clear, and for SSH this server has no key that the source would know.
 * @throws ServiceException InvalidSourceUrlException, which echoes nothing
 */
export function importSource(given: Readonly<{ sourceUrl?: string | undefined; username?: string | undefined; password?: string | undefined }>): ImportSource {
  const url = parseUrl(given.sourceUrl)
  if (!url) throw invalid('Give the URL of a Git repository: https://host/path.')
  if (url.protocol !== 'https:') {
    throw invalid('The server imports over https:// alone. From SSH, or from a folder of your own machine, use npx codekeep import there.')
  }
  if (url.search !== '' || url.hash !== '') throw invalid('The URL must have no query and no fragment. A token goes into the password.')
  const username = given.username ?? decoded(url.username)
  const password = given.password ?? decoded(url.password)
  // They are handed to git line by line.
  if (/[\0\r\n]/.test(username + password)) throw invalid('The user name and the password must be one line each.')
  return {
    url: `https://${url.host}${url.pathname}`,
    hostname: url.hostname.toLowerCase(),
    port: url.port === '' ? 443 : Number(url.port),
    ...((username !== '' || password !== '') && { credentials: { username, password } }),
  }
}

/** A source's URL as events and the database may keep it. */
export function recordedUrl(sourceUrl: string | undefined): string {
  const url = parseUrl(sourceUrl)
  return url?.protocol === 'https:' ? `https://${url.host}${url.pathname}` : 'HIDDEN_DUE_TO_SECURITY_REASONS'
}

function parseUrl(text: string | undefined): URL | null {
  return text !== undefined && text.length <= 2048 && URL.canParse(text.trim()) ? new URL(text.trim()) : null
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function invalid(message: string): ServiceException {
  return new ServiceException('InvalidSourceUrlException', message)
}
