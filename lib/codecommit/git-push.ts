import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { IndexedPack } from '#lib/git/index-pack'
import type { RefCommand } from '#lib/git/receive-pack'
import { zeroOid, type Refs } from '#lib/git/refs'
import { asService, type RequestContext } from '#lib/operation/context'
import { defineOperation } from '#lib/operation/define'
import { gitEventData, type GitTransport } from './git-event.ts'
import { newDataKey } from './kms-calls.ts'
import { receivePush, type PushOutcome } from './receive-push.ts'
import { requireAllowed } from './require-allowed.ts'
import { onRepository, present, type RepositoryRow } from './repository-row.ts'
import { openRepository } from './storage/open-repository.ts'

/** A push as its door has read it: the commands, and the pack still to come. */
export type PushRequest = Readonly<{
  transport: GitTransport
  commands: readonly RefCommand[]
  atomic: boolean
  /** Capabilities that the client asked for, for the event. */
  capabilities: readonly string[]
  /** Null when refs are only deleted. A function takes the objects into the empty quarantine by itself, checked and connected. */
  pack: Readable | ((gitDir: string) => Promise<IndexedPack | null>) | null
  /** The branch that HEAD is to name, where the repository has no HEAD yet and this push makes that branch. */
  defaultBranch?: string | null
  /** Lines for git's user (`remote: …`), while the server works. */
  progress: (text: string) => void
  /** Aborted when the client is gone or the server stops; no longer heard once the push is committed. */
  signal: AbortSignal
}>

/** The refs that git is told before it pushes: the first of the two GitPush events of a push. */
export const GitPushRefs = defineOperation({
  service: 'codecommit',
  name: 'GitPush',
  readOnly: true,
  input: z.object({ repositoryName: z.string().optional(), transport: z.custom<GitTransport>() }),
  // No codecommit:References here: which refs are to change is not known yet (aws-facts E.6).
  resolve: (context, { repositoryName }) => onRepository('codecommit:GitPush', context, repositoryName),
  handler: async (context, _input, row): Promise<{ refs: Refs; repository: RepositoryRow }> => {
    const { refs } = await openRepository(context, present(row))
    // Told now, before a byte is uploaded, rather than after.
    await requireDataKey(context, present(row))
    return { refs, repository: present(row) }
  },
  requestParameters: () => null,
  recorded: (_output, { transport }, row) => ({ additionalEventData: gitEventData(present(row), { transport, dataTransferred: false }) }),
})

/**
 * A push: `receivePush`, authorized for each ref that it is to change.
 *
 * An answer means that the push is durable, whole, and recorded.
 */
export const GitPush = defineOperation({
  service: 'codecommit',
  name: 'GitPush',
  readOnly: false,
  input: z.object({ repositoryName: z.string().optional(), request: z.custom<PushRequest>() }),
  resolve: async (context, { repositoryName, request }) => {
    const resolved = await onRepository('codecommit:GitPush', context, repositoryName)
    const [access] = resolved.access
    if (!access) return resolved
    return {
      ...resolved,
      access: request.commands.map(({ ref }) => ({ ...access, conditions: { ...access.conditions, 'codecommit:References': ref } })),
    }
  },
  handler: (context, { request }, row): Promise<PushOutcome> => receivePush(context, present(row), request),
  requestParameters: ({ request }) => ({
    // Names of refs are repository data: the trail keeps what they were set to.
    references: request.commands.slice(0, 1000).map(({ newOid }) => ({
      commit: newOid,
      ref: 'HIDDEN_DUE_TO_SECURITY_REASONS',
      ...(newOid === zeroOid && { deleted: true }),
    })),
  }),
  recorded: (_output, { request }, row) => ({
    additionalEventData: gitEventData(present(row), {
      transport: request.transport,
      dataTransferred: request.pack !== null,
      capabilities: request.capabilities,
    }),
  }),
})

/** Refuses, recorded as the KMS refusal it is, a caller who could not have a data key for what they are about to push. */
async function requireDataKey(context: RequestContext, row: RepositoryRow): Promise<void> {
  const { operation, input } = newDataKey(row)
  await requireAllowed(operation, asService(context, 'codecommit'), input)
}
