import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { conditions, eventFilter, recordedConditions } from '#lib/cloudtrail/conditions'
import { csvLine } from '#lib/cloudtrail/csv-line'
import type { EventRecord } from '#lib/cloudtrail/event-record'
import { findEvents, type EventFilter, type FoundEvent, type Place } from '#lib/cloudtrail/find-events'
import { defineOperation } from '#lib/operation/define'

/**
 * Every event of some conditions as text, newest first: CSV for a spreadsheet, or each record as a line of JSON. It needs
 * cloudtrail:LookupEvents and is recorded as that, with the format, before the first byte.
 *
 * `text` gives a piece each time it is asked and holds no more than that, however many events there are; it must not be read
 * by two at once.
 */
export const ExportEvents = defineOperation({
  service: 'cloudtrail',
  name: 'LookupEvents',
  readOnly: true,
  apiVersion: '2013-11-01',
  input: z.object({ ...conditions(), Format: z.enum(['csv', 'jsonl']) }),
  resolve: () => ({ access: [{ action: 'cloudtrail:LookupEvents', resource: '*' }], subject: undefined }),
  async handler(context, { Format, ...input }): Promise<{ text: AsyncIterable<string> }> {
    return { text: exported(await eventFilter(context, input), formats[Format]) }
  },
  requestParameters: ({ Format, ...input }) => ({ ...recordedConditions(input), export: Format }),
})

type Format = Readonly<{ head: string; line: (record: EventRecord, text: string) => string }>

const formats: Readonly<Record<'csv' | 'jsonl', Format>> = {
  jsonl: { head: '', line: (_record, text) => `${text}\n` },
  csv: {
    // The mark tells a spreadsheet that this is UTF-8.
    head: `\ufeff${csvLine(['Event time', 'User name', 'Event name', 'Event source', 'Region', 'Outcome', 'Error code', 'Error message', 'Source IP address', 'User agent', 'Called by', 'Resources', 'Access key ID', 'Read-only', 'Event ID'])}`,
    line: (record) => {
      const { userIdentity } = record
      return csvLine([
        record.eventTime,
        userIdentity.type === 'Root' ? 'root' : (userIdentity.userName ?? ''),
        record.eventName,
        record.eventSource,
        record.awsRegion,
        record.errorCode === undefined && record.errorMessage === undefined ? 'Succeeded' : 'Failed',
        record.errorCode ?? '',
        record.errorMessage ?? '',
        record.sourceIPAddress,
        record.userAgent,
        userIdentity.invokedBy ?? '',
        (record.resources ?? []).map(({ ARN }) => ARN).join(' '),
        userIdentity.accessKeyId ?? '',
        String(record.readOnly),
        record.eventID,
      ])
    },
  },
}

async function* exported(filter: EventFilter, { head, line }: Format): AsyncIterable<string> {
  if (head !== '') yield head
  let after: Place | undefined
  do {
    const page: { events: FoundEvent[]; next: Place | undefined } = await findEvents(filter, pageSize, after)
    if (page.events.length > 0) yield page.events.map(({ record }) => line(JSON.parse(record) as EventRecord, record)).join('')
    after = page.next
    // The embedded database answers within this process: others get their turn between two pages.
    await nextTurn()
  } while (after !== undefined)
}

const pageSize = 500
