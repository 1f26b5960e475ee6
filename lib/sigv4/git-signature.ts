import { basicFormat } from '#lib/sigv4/authorization-header'
import { cachedSigningKey, sign, signingKey } from '#lib/sigv4/signing-key'
import { stringToSign } from '#lib/sigv4/string-to-sign'
import { checkTime, clockSkew, mismatch, sameSignature, valid, type Verification } from '#lib/sigv4/verify'

/** What is signed for git: a repository at a host, not a request. */
export type GitResource = Readonly<{
  /** The Host header as received, with its port where it has one. */
  host: string
  /** The repository's path as the client has it, without `/info/refs` and the like: `/v1/repos/<name>`. */
  path: string
  region: string
}>

/**
 * Verifies the password that `aws codecommit credential-helper` or git-remote-codecommit made: `<time>Z<signature>`, a
 * SigV4 signature with method `GIT` over path and host, without a payload. The helper signs the host without its port,
 * git-remote-codecommit with it: both are right. Good for 15 minutes.
 *
 * @param given  with the user name as sent, where the signing key may be remembered for the next request
 */
export function verifyGitSignature(
  given: GitResource & Readonly<{ username?: string; password: string; secretAccessKey: string; now: Date }>,
): Verification {
  const parsed = parseGitPassword(given.password)
  if (parsed === undefined) return mismatch
  const untimely = checkTime(parsed.time, given.now, clockSkew)
  if (untimely) return untimely
  const hosts = [given.host, given.host.replace(/:\d+$/, '')]
  // Every host is tried, whichever fits: how long it takes does not tell which.
  const matches = hosts.map((host) => sameSignature(signature({ ...given, host }, parsed.time), parsed.signature))
  return matches.includes(true) ? valid : mismatch
}

/** The password for a repository, as the tools make it. */
export function signGit(
  given: GitResource & Readonly<{ secretAccessKey: string; now: Date }>,
): string {
  const time = basicFormat(given.now).slice(0, -1)
  return `${time}Z${signature(given, time)}`
}

/** Time and signature of a password of this kind; undefined for any other password. */
export function parseGitPassword(password: string): { time: string; signature: string } | undefined {
  const [, time, hex] = /^(\d{8}T\d{6})Z([0-9a-f]{64})$/.exec(password) ?? []
  return time === undefined || hex === undefined ? undefined : { time, signature: hex }
}

/** The access key ID, and the session token where the user name has one: `AKID%token`. */
export function parseGitUsername(username: string): { accessKeyId: string; securityToken?: string } {
  const separator = username.indexOf('%')
  if (separator < 0) return { accessKeyId: username }
  return { accessKeyId: username.slice(0, separator), securityToken: username.slice(separator + 1) }
}

/** The canonical request of git: no query, no payload hash, and it ends with a newline. */
export function canonicalGitRequest({ path, host }: Pick<GitResource, 'path' | 'host'>): string {
  return `GIT\n${path}\n\nhost:${host}\n\nhost\n`
}

type Signing = GitResource & Readonly<{ username?: string; secretAccessKey: string }>

function signature({ username, secretAccessKey, region, ...resource }: Signing, time: string): string {
  const scope = { date: time.slice(0, 8), region, service: 'codecommit' }
  const key =
    username === undefined
      ? signingKey(secretAccessKey, scope)
      : cachedSigningKey(parseGitUsername(username).accessKeyId, secretAccessKey, scope)
  return sign(key, stringToSign(time, scope, canonicalGitRequest(resource)))
}
