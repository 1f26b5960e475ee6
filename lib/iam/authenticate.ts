import { equal } from '#lib/crypto/bytes'
import { db } from '#lib/db'
import {
  findAccessKey, findGeneratedCredential, userPrincipal, type CallerPrincipal,
} from '#lib/iam/credentials'
import { noteAccessKeyUse } from '#lib/iam/last-used'
import { generatedPasswordHash } from '#lib/iam/sealed-secrets'
import { keyBlobOf } from '#lib/iam/ssh-public-key-format'
import type { Principal } from '#lib/operation/context'
import { ServiceException } from '#lib/operation/exception'
import { parseAuthorization } from '#lib/sigv4/authorization-header'
import type { HttpRequest } from '#lib/sigv4/canonical-request'
import { parseGitPassword, parseGitUsername, verifyGitSignature } from '#lib/sigv4/git-signature'
import { verifySignature } from '#lib/sigv4/verify'

/** An HTTP request with its body, as received. */
export type SignedRequest = HttpRequest

/** Who signed a request, and the scope that the signature is good for. */
export type SignedBy = Readonly<{ principal: CallerPrincipal; region: string; service: string }>

/**
 * Authenticates a call of an AWS API by its SigV4 signature.
 *
 * @throws ServiceException under the names of the JSON services (aws-facts A.2): MissingAuthenticationTokenException,
 *   IncompleteSignatureException, UnrecognizedClientException (no such active access key, or a session token, which nothing
 *   here issues), InvalidSignatureException. The query services call them MissingAuthenticationToken, IncompleteSignature,
 *   InvalidClientTokenId and SignatureDoesNotMatch.
 */
export async function authenticateSigV4(request: SignedRequest, now = new Date()): Promise<SignedBy> {
  const authorization = parseAuthorization(request)
  if (!authorization.ok) {
    const name = authorization.reason === 'missing' ? 'MissingAuthenticationTokenException' : 'IncompleteSignatureException'
    throw new ServiceException(name, authorization.message)
  }
  const { accessKeyId, region, service, securityToken } = authorization
  const credential = securityToken === undefined ? await findAccessKey(accessKeyId) : null
  if (!credential) throw new ServiceException('UnrecognizedClientException', 'The security token included in the request is invalid.')
  const verification = verifySignature(request, authorization, credential.secretAccessKey, now)
  if (!verification.ok) {
    const name = verification.reason === 'incomplete' ? 'IncompleteSignatureException' : 'InvalidSignatureException'
    throw new ServiceException(name, verification.message)
  }
  noteAccessKeyUse(accessKeyId, service, region, now)
  return { principal: credential.principal, region, service }
}

/** What a git client sent, and where to. */
export type GitAttempt = Readonly<{
  /** The Host header, with its port where it has one. */
  host: string
  /** Path of the repository as the client signed it: `/v1/repos/<name>`. */
  path: string
  region: string
  username: string
  password: string
  now?: Date
}>

/**
 * Authenticates git over HTTPS: a service-specific credential for CodeCommit, or an access key with a signature in place of
 * the password (`aws codecommit credential-helper`, git-remote-codecommit).
 *
 * Every push and pull is authenticated as an IAM user: the root user's access keys do not open git. Null for anything that
 * does not authenticate; it is not said what was wrong.
 */
export async function authenticateGit(attempt: GitAttempt): Promise<Principal | null> {
  const principal = parseGitPassword(attempt.password) ? await bySignature(attempt) : await byGeneratedPassword(attempt)
  return principal?.type === 'IAMUser' ? principal : null
}

/**
 * Authenticates git over SSH: the user name names an active public key, and the key that the client proved to hold is that
 * one.
 *
 * @param sshPublicKeyId `APKA…`
 * @param keyBlob the public key as the SSH protocol carries it (RFC 4253, section 6.6)
 */
export async function authenticateSshPublicKey(sshPublicKeyId: string, keyBlob: Uint8Array): Promise<Principal | null> {
  const key = await db().sshPublicKey.findUnique({ where: { id: sshPublicKeyId }, include: { user: true } })
  if (key?.status !== 'Active' || !equal(keyBlobOf(key.body), keyBlob)) return null
  return userPrincipal(key.user)
}

async function bySignature({ host, path, region, username, password, now = new Date() }: GitAttempt): Promise<CallerPrincipal | null> {
  const { accessKeyId, securityToken } = parseGitUsername(username)
  const credential = securityToken === undefined ? await findAccessKey(accessKeyId) : null
  if (!credential) return null
  const { secretAccessKey, principal } = credential
  const verification = verifyGitSignature({ host, path, region, password, secretAccessKey, now })
  if (!verification.ok) return null
  noteAccessKeyUse(accessKeyId, 'codecommit', region, now)
  return principal
}

async function byGeneratedPassword({ username, password }: GitAttempt): Promise<CallerPrincipal | null> {
  const credential = await findGeneratedCredential('codecommit.amazonaws.com', username)
  // An unknown name costs as much as a wrong password.
  const hash = generatedPasswordHash(credential?.id ?? 'ACCA', password)
  return credential && equal(hash, credential.passwordHash) ? credential.principal : null
}
