import { isGitError } from '#lib/git/command'
import { ServiceException } from '#lib/operation/exception'
import type { Tunnel } from './tunnel.ts'

/**
 * Why a source could not be read, of what git said. The words are ours: git's and the source's may name refs and paths, which
 * are repository data.
 */
export function sourceFailure(error: unknown, tunnel: Pick<Tunnel, 'refusal'>): unknown {
  const refusal = tunnel.refusal()
  if (refusal !== undefined) return new ServiceException('SourceAddressNotAllowedException', refusal, { cause: error })
  if (!isGitError(error)) return error
  const found = forms.find(([form]) => form.test(error.stderr))
  if (found) return new ServiceException(found[1], found[2], { cause: error })
  const malformed = /(?:error|fatal): object [0-9a-f]{40}: (\w+): /.exec(error.stderr)?.[1]
  if (malformed !== undefined) {
    return new ServiceException('SourceNotAcceptedException', `The source has an object that git calls malformed (${malformed}). A push of it would be refused too. git fsck, run in the source, names it.`, { cause: error })
  }
  return new ServiceException('SourceUnavailableException', 'The source could not be read: it did not answer as a Git server does, or broke off.', { cause: error })
}

/** A shallow clone has commits whose parents it has not: a repository of them could not be cloned whole. */
export function shallowSource(): ServiceException {
  return new ServiceException('SourceNotAcceptedException', 'The source is a shallow clone: its history is cut off. Import from one that is whole.')
}

const forms: readonly (readonly [form: RegExp, code: string, message: string])[] = [
  [
    /could not read (?:Username|Password)|Authentication failed|terminal prompts disabled|requested URL returned error: 40[13]|access denied/i,
    'SourceAuthenticationFailedException',
    'The source wants a user name and a password (or a token), or refuses those given. Some servers answer so where there is no such repository.',
  ],
  [/repository .*not found|requested URL returned error: 404/i, 'SourceNotFoundException', 'The source has no such repository.'],
  [/SSL certificate problem|certificate verif|server certificate/i, 'SourceCertificateNotTrustedException', 'The source’s certificate is not trusted. An operator can name its CA with CODEKEEP_IMPORT_CA.'],
  [/no space left on device/i, 'ServiceUnavailableException', 'The server has no space left to take this repository. Nothing of it was kept.'],
  [/couldn't find remote ref|not our ref/i, 'SourceChangedException', 'The source changed while it was read. Import again.'],
  [/transport '\w+' not allowed|unable to update url base|Protocol "?\w+"? (?:is )?(?:not supported|disabled)/i, 'SourceAddressNotAllowedException', 'The source leads to an address that is not HTTPS.'],
  [/Operation too slow|timed out/i, 'SourceUnavailableException', 'The source has stopped sending.'],
]
