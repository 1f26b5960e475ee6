import { z } from 'zod'
import { errorCodesIn, type EventFilter } from '#lib/cloudtrail/find-events'
import { timeRange, timestamp } from '#lib/cloudtrail/time-range'
import type { RequestContext } from '#lib/operation/context'

/** The conditions that the console's operations on the event history take: any number of them, and all must hold. */
export function conditions() {
  const text = z.string().min(1).max(2000).optional()
  return {
    EventId: text,
    RepositoryId: text,
    EventName: text,
    EventSource: text,
    Username: text,
    /** ARN of a key, a repository, a user */
    ResourceName: text,
    ResourceType: text,
    AccessKeyId: text,
    ReadOnly: z.boolean().optional(),
    /** Failed: with any error code; AccessDenied: with one that says that policy refused */
    Outcome: z.enum(['Succeeded', 'Failed', 'AccessDenied']).optional(),
    StartTime: timestamp.optional(),
    EndTime: timestamp.optional(),
  }
}

export type Conditions = z.output<z.ZodObject<ReturnType<typeof conditions>>>

export type Outcome = 'Succeeded' | 'Failed' | 'AccessDenied'

/**
 * The events that the conditions mean, in the Region of the request.
 * @throws InvalidTimeRangeException
 */
export async function eventFilter(context: RequestContext, input: Conditions): Promise<EventFilter> {
  return {
    region: context.region,
    ...timeRange(input.StartTime, input.EndTime, context.time),
    ...(input.EventId !== undefined && { eventId: input.EventId }),
    ...(input.RepositoryId !== undefined && { repositoryId: input.RepositoryId }),
    ...(input.EventName !== undefined && { eventName: input.EventName }),
    ...(input.EventSource !== undefined && { eventSource: input.EventSource }),
    ...(input.Username !== undefined && { username: input.Username }),
    ...(input.ResourceName !== undefined && { resourceName: input.ResourceName }),
    ...(input.ResourceType !== undefined && { resourceType: input.ResourceType }),
    ...(input.AccessKeyId !== undefined && { accessKeyId: input.AccessKeyId }),
    ...(input.ReadOnly !== undefined && { readOnly: input.ReadOnly }),
    ...(input.Outcome !== undefined && { errorCodes: await errorCodes(context.region, input.Outcome) }),
  }
}

/** What the trail keeps of the conditions, in the shape of LookupEvents. */
export function recordedConditions(input: Conditions) {
  const { StartTime, EndTime } = input
  const keys = ['EventId', 'RepositoryId', 'EventName', 'EventSource', 'Username', 'ResourceName', 'ResourceType', 'AccessKeyId', 'ReadOnly', 'Outcome'] as const
  const attributes = keys.flatMap((key) => (input[key] === undefined ? [] : [{ attributeKey: key, attributeValue: String(input[key]) }]))
  return { ...(attributes.length > 0 && { lookupAttributes: attributes }), startTime: StartTime, endTime: EndTime }
}

/** True for the code of an error that says that policy refused. */
export function saysDenied(errorCode: string): boolean {
  // EncryptionKeyAccessDeniedException, too: it is how CodeCommit says that policy refused the key.
  return errorCode.includes('AccessDenied')
}

async function errorCodes(region: string, outcome: Outcome): Promise<string[]> {
  if (outcome === 'Succeeded') return ['']
  const codes = await errorCodesIn(region)
  return outcome === 'Failed' ? codes : codes.filter(saysDenied)
}
