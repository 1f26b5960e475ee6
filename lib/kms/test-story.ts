import type { EventRecord } from '#lib/cloudtrail/event-record'
import { CreateUser, PutUserPolicy } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import { CreateKey } from '#lib/kms/api'
import type { RequestContext } from '#lib/operation/context'
import { rootContext, userContext } from '#lib/testing/context'
import { trailTable } from '#lib/testing/event-disk'

// Whom and what the stories of this folder's tests are about.

export const allow = (Action: string | string[], Resource: string | string[] = '*') => ({ Effect: 'Allow', Action, Resource })
export const deny = (Action: string | string[], Resource: string | string[] = '*') => ({ Effect: 'Deny', Action, Resource })

/** A user with one policy of these statements; without any, a user who may do nothing. */
export async function userWith(name: string, ...statements: object[]): Promise<RequestContext> {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: name })
  if (statements.length > 0) {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements })
    await invoke(PutUserPolicy, rootContext(), { UserName: name, PolicyName: `${name}-policy`, PolicyDocument })
  }
  return userContext({ id: User.UserId, name, arn: User.Arn })
}

/** A customer-managed key that root makes. */
export async function newKey(input: object = {}, context: RequestContext = rootContext()): Promise<{ KeyId: string; Arn: string }> {
  const { KeyMetadata } = await invoke(CreateKey, context, input)
  return KeyMetadata
}

/** The newest event of a name. */
export async function lastEvent(eventName: string): Promise<EventRecord> {
  const row = await (await trailTable()).findFirstOrThrow({ where: { eventName }, orderBy: { sequence: 'desc' } })
  return JSON.parse(row.record) as EventRecord
}
