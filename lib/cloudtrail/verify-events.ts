import { z } from 'zod'
import { verifySeals, type SealState } from '#lib/cloudtrail/event-seals'
import { timeRange, timestamp } from '#lib/cloudtrail/time-range'
import { defineOperation } from '#lib/operation/define'

/**
 * Whether the events of a period stand in the database as they were sealed. It needs cloudtrail:LookupEvents and is recorded
 * as that, with `verify`.
 */
export const VerifyEvents = defineOperation({
  service: 'cloudtrail',
  name: 'LookupEvents',
  readOnly: true,
  apiVersion: '2013-11-01',
  input: z.object({ StartTime: timestamp.optional(), EndTime: timestamp.optional() }),
  resolve: () => ({ access: [{ action: 'cloudtrail:LookupEvents', resource: '*' }], subject: undefined }),
  handler: (context, { StartTime, EndTime }): Promise<SealState> => {
    const { from, to } = timeRange(StartTime, EndTime, context.time)
    return verifySeals(from, to)
  },
  requestParameters: ({ StartTime, EndTime }) => ({ startTime: StartTime, endTime: EndTime, verify: true }),
})
