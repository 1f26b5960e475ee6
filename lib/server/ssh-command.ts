import { isRegion } from '#lib/operation/regions'
import type { GitService } from './router.ts'

/** What a git client asks an SSH server to run. */
export type GitCommand = Readonly<{ service: GitService; path: string }>

/** A repository as a path names it; AWS's own form names no Region, which its host name does. */
export type NamedRepository = Readonly<{ region: string | null; repositoryName: string }>

/**
 * Reads `git-upload-pack '<path>'` or `git-receive-pack '<path>'`, quoted as git quotes for a shell. Null for anything else:
 * there is no shell, so nothing else is ever run.
 */
export function parseGitCommand(command: string): GitCommand | null {
  const { service, argument } = /^git[- ](?<service>upload-pack|receive-pack) (?<argument>.+)$/s.exec(command)?.groups ?? {}
  if (service === undefined || argument === undefined) return null
  const path = unquote(argument)
  return path === null ? null : { service: `git-${service}` as GitService, path }
}

/**
 * Reads the path of a clone URL: `/v1/regions/<region>/repos/<name>`, or AWS's `/v1/repos/<name>`. As over HTTPS, a trailing
 * `.git` or `/` is no part of the name. Null for any other path.
 */
export function parseRepositoryPath(path: string): NamedRepository | null {
  const { region, name } = repositoryPath.exec(path)?.groups ?? {}
  const repositoryName = (name ?? '').replace(/\.git$/, '')
  if (/^\.*$/.test(repositoryName) || (region !== undefined && !isRegion(region))) return null
  return { region: region ?? null, repositoryName }
}

// A URL without ssh:// (`APKA…@host:v1/…`) has a path without its first slash.
const repositoryPath = /^\/?v1\/(?:regions\/(?<region>[a-z0-9-]+)\/)?repos\/(?<name>[\w.-]{1,104})\/*$/

/** The inverse of git's sq_quote: '…' with \' and \! between; or a bare word, as other clients send it. */
function unquote(argument: string): string | null {
  if (/^[\w./~:@%+-]+$/.test(argument)) return argument
  if (!/^(?:'[^']*'|\\['!])+$/s.test(argument)) return null
  return argument.replace(/'([^']*)'|\\(['!])/gs, (_match, quoted: string | undefined, escaped: string | undefined) => quoted ?? escaped ?? '')
}
