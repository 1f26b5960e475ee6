import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { conditions, eventFilter, recordedConditions } from '#lib/cloudtrail/conditions'
import { eventsAfter, lastSequence, type EventFilter } from '#lib/cloudtrail/find-events'
import { defineOperation } from '#lib/operation/define'

/**
 * The events of some conditions as they are recorded, from now on. It needs cloudtrail:LookupEvents and is recorded as that,
 * once: looking at each event would itself be an event without end.
 *
 * `batches` gives records (JSON), oldest first, about once a second, and nothing in them where nothing came. Who reads on for
 * long asks policy again in between: what was allowed at the beginning may no longer be.
 */
export const FollowEvents = defineOperation({
  service: 'cloudtrail',
  name: 'LookupEvents',
  readOnly: true,
  apiVersion: '2013-11-01',
  input: z.object(conditions()),
  resolve: () => ({ access: [{ action: 'cloudtrail:LookupEvents', resource: '*' }], subject: undefined }),
  async handler(context, input): Promise<{ batches: AsyncIterable<readonly string[]> }> {
    return { batches: following(() => eventFilter(context, input), await lastSequence()) }
  },
  requestParameters: (input) => ({ ...recordedConditions(input), follow: true }),
})

/** `filter` is asked each time: which errors there are changes meanwhile. */
async function* following(filter: () => Promise<EventFilter>, from: number): AsyncIterable<readonly string[]> {
  for (let sequence = from; ; await pause(everyMilliseconds)) {
    const { events, upTo } = await eventsAfter(await filter(), sequence, mostOfBatch)
    sequence = upTo
    yield events.map(({ record }) => record)
  }
}

const everyMilliseconds = 1000
const mostOfBatch = 200
