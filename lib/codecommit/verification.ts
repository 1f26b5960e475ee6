import { z } from 'zod'
import { Decrypt } from '#lib/kms/api'
import { asService, type RequestContext } from '#lib/operation/context'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { repositoryEncryptionContext } from '#lib/operation/repository-context'
import { requireAllowed } from './require-allowed.ts'
import { onRepository, present, type RepositoryRow } from './repository-row.ts'
import { beginVerification, latestVerification, stopVerification, type Verification } from './verification-jobs.ts'

/**
 * Verification of what is stored, for a page: `invoke(StartVerification, context, { repositoryName })` begins it in the background
 * (or answers with the one that is under way), and `invoke(GetVerification, context, { repositoryName })`, polled once a second or two,
 * answers `{ verification }`: its `state` and `progress`, in the end `damage`, and for long after it `endedAt`; undefined where there was none.
 *
 * The operations are Codekeep's own; AWS has no such thing. Who may pull may verify (action `codecommit:GitPull`, and `Decrypt`
 * on the caller's behalf): it opens what a pull opens, and says less.
 */
export const StartVerification = defineOperation({
  service: 'codecommit',
  name: 'StartVerification',
  readOnly: false,
  input: z.object({ repositoryName: z.string().optional() }),
  resolve: (context, { repositoryName }) => onRepository('codecommit:GitPull', context, repositoryName),
  handler: async (context, _input, row): Promise<VerificationAnswer> => {
    await requireDecrypt(context, present(row))
    return answer(present(row), await beginVerification(context, present(row)))
  },
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

/** The repository's latest verification, under way or over. */
export const GetVerification = defineOperation({
  service: 'codecommit',
  name: 'GetVerification',
  readOnly: true,
  input: z.object({ repositoryName: z.string().optional() }),
  resolve: (context, { repositoryName }) => onRepository('codecommit:GitPull', context, repositoryName),
  handler: async (_context, _input, row): Promise<VerificationAnswer> => answer(present(row), await latestVerification(present(row).id)),
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

/** Ends a verification that is under way. @throws ServiceException VerificationNotInProgressException */
export const StopVerification = defineOperation({
  service: 'codecommit',
  name: 'StopVerification',
  readOnly: false,
  input: z.object({ repositoryName: z.string().optional() }),
  resolve: (context, { repositoryName }) => onRepository('codecommit:GitPull', context, repositoryName),
  handler: (_context, _input, row) => {
    if (!stopVerification(present(row).id)) {
      throw new ServiceException('VerificationNotInProgressException', `No verification of ${present(row).name} is in progress.`)
    }
    return undefined
  },
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

/** What the three answer with. */
export type VerificationAnswer = Readonly<{ repositoryName: string; repositoryId: string; verification?: Verification }>

function answer({ id, name }: RepositoryRow, verification: Verification | null): VerificationAnswer {
  return { repositoryName: name, repositoryId: id, ...(verification && { verification }) }
}

/** Refuses at once, recorded as the KMS refusal it is, who could not open anything. Policy alone is asked: what is stored may be damaged. */
async function requireDecrypt(context: RequestContext, row: RepositoryRow): Promise<void> {
  const input = { KeyId: row.kmsKeyArn, CiphertextBlob: new Uint8Array(1), EncryptionContext: repositoryEncryptionContext(row.id) }
  await requireAllowed(Decrypt, asService(context, 'codecommit'), input)
}
