import { notFound } from 'next/navigation'
import { CreateAlias, DescribeKey, DisableKey, DisableKeyRotation, EnableKey, EnableKeyRotation, PutKeyPolicy, RotateKeyOnDemand, ScheduleKeyDeletion, CancelKeyDeletion, TagResource, UpdateKeyDescription, Encrypt } from '#lib/kms/api'
import { mayInvoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import type { AnyOperation } from '#lib/operation/define'
import { isServiceException } from '#lib/operation/exception'
import { isRegion } from '#lib/operation/regions'
import { attempt } from '../../attempt.ts'
import { readQuery, readSegment, type Query } from '../../query.ts'
import { chosenRegion, requestContext } from '../../session.ts'

export type KeyParams = Promise<{ region: string; keyId: string }>

/** What Next hands to a page of a key in KMS's manner: its Region is in the query. */
export type KmsKeyProps = Readonly<{ params: Promise<{ keyId: string }>; searchParams: Query }>

export async function kmsKeyParams({ params, searchParams }: KmsKeyProps): KeyParams {
  const { region } = await readQuery(searchParams, 'region')
  return { region: await chosenRegion(region), keyId: (await params).keyId }
}

/** What every page of a key begins with: who asks, and the key. */
export async function keyOf(params: KeyParams) {
  const { region, keyId } = await params
  if (!isRegion(region)) notFound()
  const context = await requestContext(region)
  return { region, context, key: await attempt(DescribeKey, context, { KeyId: readSegment(keyId) }) }
}

/** The operations that the pages of a key offer, each with an input that policy can be asked about. */
const offered = {
  enable: [EnableKey, {}],
  disable: [DisableKey, {}],
  scheduleDeletion: [ScheduleKeyDeletion, { PendingWindowInDays: 30 }],
  cancelDeletion: [CancelKeyDeletion, {}],
  updateDescription: [UpdateKeyDescription, { Description: '' }],
  putPolicy: [PutKeyPolicy, { Policy: '{}' }],
  enableRotation: [EnableKeyRotation, {}],
  disableRotation: [DisableKeyRotation, {}],
  rotate: [RotateKeyOnDemand, {}],
  createAlias: [CreateAlias, { AliasName: 'alias/another' }],
  tag: [TagResource, { Tags: [] }],
  encrypt: [Encrypt, { Plaintext: new Uint8Array(1) }],
} satisfies Record<string, [AnyOperation, object]>

export type Offered = keyof typeof offered

/**
 * Why policy refuses what a page offers, in the words of the refusal itself (`No resource-based policy allows the …`); an offer that policy allows is not in the answer.
 * Nothing is run or recorded.
 */
export async function refusals(context: RequestContext, keyId: string, offers: readonly Offered[]): Promise<Partial<Record<Offered, string>>> {
  const asked = await Promise.all(
    offers.map(async (offer) => {
      const [operation, input] = offered[offer]
      // Each takes the member that it knows.
      return [offer, await refusal(operation, context, { ...input, KeyId: keyId, TargetKeyId: keyId })] as const
    }),
  )
  return Object.fromEntries(asked.filter(([, reason]) => reason !== undefined))
}

/** From `because` or `with` on: who asks, for what and of which key is plain from the page. */
function reasonIn(message: string): string {
  const reason = / (?:because|with) (.+)$/s.exec(message)?.[1] ?? message
  return reason.charAt(0).toUpperCase() + reason.slice(1)
}

async function refusal(operation: AnyOperation, context: RequestContext, input: object): Promise<string | undefined> {
  try {
    const { decision, message } = await mayInvoke(operation, context, input)
    return decision === 'Allowed' ? undefined : reasonIn(message ?? 'No policy allows it.')
  } catch (error) {
    // What cannot be asked about is left to the operation to refuse.
    if (isServiceException(error)) return undefined
    throw error
  }
}
