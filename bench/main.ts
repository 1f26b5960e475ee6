import { cpus } from 'node:os'
import { startServer } from '../e2e/server.ts'
import { cloneRows } from './clone.ts'
import { encryptRow } from './encrypt.ts'
import { eventRows } from './events.ts'
import type { Row } from './row.ts'

/**
 * Prints one line a row: Codekeep, its peer in the same run, their ratio, and the ratio that the design allows.
 *
 * Ratios, not times: machines differ and are shared. `CODEKEEP_BENCH_COMMITS` sets the size of the generated history
 * (default 20000), `CODEKEEP_BENCH_REPOSITORY` names a local repository to use in its place.
 */
async function main(): Promise<void> {
  const chosen = process.argv.slice(2)
  const server = await startServer()
  const rows: Row[] = []
  try {
    if (chosen.length === 0 || chosen.includes('encrypt')) rows.push(...(await encryptRow(server)))
    if (chosen.length === 0 || chosen.includes('clone')) rows.push(...(await cloneRows(server)))
  } finally {
    await server[Symbol.asyncDispose]()
  }
  if (chosen.length === 0 || chosen.includes('events')) rows.push(...(await eventRows()))
  console.log(`\n${cpus().length} cores, Node ${process.version}\n`)
  console.table(
    Object.fromEntries(
      rows.map(({ name, codekeep, peer, peerName, ratio, allowed }) => [name, { codekeep, peer, 'peer is': peerName, ratio, 'design asks': allowed }]),
    ),
  )
}

await main()
