import { sealEvents } from '#lib/cloudtrail/event-seals'
import { tallyEvents } from '#lib/cloudtrail/kept-tallies'
import { runCodeCommitSchedule } from '#lib/codecommit/schedule'
import { removeDoomed } from '#lib/codecommit/storage/sweep'
import { invoke } from '#lib/invoke'
import { runKmsSchedule } from '#lib/kms/schedule'
import type { RequestContext } from '#lib/operation/context'
import type { AnyOperation } from '#lib/operation/define'
import type { Chore } from './chores.ts'
import { stopping } from './stopping.ts'

/** `invoke` for operations of several types at once; it validates what it is given. */
const run = (operation: AnyOperation, context: RequestContext, input: unknown): Promise<unknown> => invoke(operation, context, input)

/** What the process does by itself while it runs. */
export const chores: readonly Chore[] = [
  { name: 'deleting and rotating the KMS keys whose time has come', everySeconds: 600, run: () => runKmsSchedule(new Date(), run) },
  { name: 'folding packs and moving data keys onto new key material', everySeconds: 300, run: () => runCodeCommitSchedule(new Date(), stopping()) },
  { name: 'sealing the events of the last minutes', everySeconds: 300, run: () => sealEvents() },
  { name: 'counting events for the charts of the event history', everySeconds: 10, run: () => tallyEvents() },
  { name: 'removing stored objects whose time has come', everySeconds: 60, run: () => removeDoomed(new Date()) },
]
