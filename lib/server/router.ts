import { isRegion } from '#lib/operation/regions'

/** Which service of git's smart HTTP protocol (gitprotocol-http): a fetch is an upload, a push a receive, as the server sees it. */
export type GitService = 'git-upload-pack' | 'git-receive-pack'

/** A request of git's smart HTTP protocol. */
export type GitRoute = Readonly<{
  door: 'git'
  region: string
  repositoryName: string
  service: GitService
  /** `advertise`: GET info/refs; `rpc`: POST git-upload-pack or git-receive-pack; `bundle`: GET bundle, an export (ours, not git's). */
  phase: 'advertise' | 'rpc' | 'bundle'
  /** The repository's own path, as its clone URL has it: what the SigV4 credential helpers sign. */
  path: string
}>

/** Which door a request goes through. `refused`: a path of git's that git never asks for. */
export type Route =
  | GitRoute
  | Readonly<{ door: 'healthz' }>
  | Readonly<{ door: 'aws' }>
  | Readonly<{ door: 'console' }>
  | Readonly<{ door: 'refused'; status: 403 | 404 | 405; message: string }>

/** What is known of a request before anything of it is believed. */
export type RequestLine = Readonly<{ method: string; url: string; host: string | undefined }>

/**
 * Finds the door of a request by its method, host and path alone.
 *
 * Two forms of clone URL: `/v1/regions/<region>/repos/<name>` on any host, and AWS's own
 * `git-codecommit.<region>.<domain>` + `/v1/repos/<name>`. A trailing `.git` or `/` of a clone URL is no part of the name.
 */
export function classify({ method, url, host }: RequestLine, domain: string): Route {
  const [path, query] = splitOnce(url, '?')
  if (path === '/healthz') return { door: 'healthz' }
  if (path === '/' && method === 'POST') return { door: 'aws' }
  const regionOfHost = gitRegion(host, domain)
  if (regionOfHost === null && !path.startsWith('/v1/')) return { door: 'console' }

  const repository = regionOfHost === null ? universal.exec(path) : ofRegion.exec(path)
  const { base = '', name = '', rest = '', region = regionOfHost ?? '' } = repository?.groups ?? {}
  const repositoryName = name.replace(/\.git$/, '')
  // A name of dots alone is a way up the path to everybody in between.
  if (!repository || /^\.*$/.test(repositoryName) || !isRegion(region)) return notFound
  const common = { door: 'git', region, repositoryName, path: base } as const
  if (rest === 'info/refs') {
    if (method !== 'GET') return notAllowed
    const service = new URLSearchParams(query).get('service')
    if (service !== null && isGitService(service)) return { ...common, service, phase: 'advertise' }
    return { door: 'refused', status: 403, message: 'Codekeep speaks only the smart HTTP protocol of git: use git 1.6.6 or later.' }
  }
  if (rest === 'bundle') return method === 'GET' ? { ...common, service: 'git-upload-pack', phase: 'bundle' } : notAllowed
  if (isGitService(rest)) return method === 'POST' ? { ...common, service: rest, phase: 'rpc' } : notAllowed
  return notFound
}

const universal = /^(?<base>\/v1\/regions\/(?<region>[a-z0-9-]+)\/repos\/(?<name>[\w.-]{1,104}))\/{1,2}(?<rest>.*)$/
const ofRegion = /^(?<base>\/v1\/repos\/(?<name>[\w.-]{1,104}))\/{1,2}(?<rest>.*)$/

const notFound: Route = { door: 'refused', status: 404, message: 'There is no such address. A clone URL is /v1/regions/<region>/repos/<name>.' }
const notAllowed: Route = { door: 'refused', status: 405, message: 'This address is for git.' }

function isGitService(text: string): text is GitService {
  return text === 'git-upload-pack' || text === 'git-receive-pack'
}

/** The Region of `git-codecommit.<region>.<domain>`, port or none; null for any other host. */
function gitRegion(host: string | undefined, domain: string): string | null {
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase()
  const prefix = 'git-codecommit.'
  const suffix = `.${domain}`
  if (!name.startsWith(prefix) || !name.endsWith(suffix) || name.length <= prefix.length + suffix.length) return null
  return name.slice(prefix.length, -suffix.length)
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
