import { cpus } from 'node:os'
import { startServer } from '../e2e/server.ts'
import { gitRows } from './clone.ts'
import { encryptRow } from './encrypt.ts'
import { eventRows } from './events.ts'
import { listRows } from './lists.ts'
import type { Row } from './row.ts'

/**
 * Prints one line a row: Codekeep, its peer in the same run, their ratio, and the ratio that the design allows. Arguments choose
 * rows: encrypt, events, lists, git, or of git's only clone, refs, push, restart, memory.
 *
 * Ratios, not times: machines differ and are shared. `CODEKEEP_BENCH_COMMITS` sets the size of the generated history
 * (default 20000), `CODEKEEP_BENCH_REPOSITORY` names a local repository to use in its place.
 */
async function main(): Promise<void> {
  const chosen = process.argv.slice(2)
  const rows: Row[] = []
  const all = chosen.length === 0
  if (all || chosen.includes('encrypt')) {
    await using server = await startServer()
    rows.push(...(await encryptRow(server)))
  }
  const gitParts = chosen.includes('git') ? [] : chosen.filter((part) => ['clone', 'refs', 'push', 'restart', 'memory'].includes(part))
  if (all || chosen.includes('git') || gitParts.length > 0) {
    rows.push(...(await gitRows((part) => gitParts.length === 0 || gitParts.includes(part))))
  }
  if (all || chosen.includes('events')) rows.push(...(await eventRows()))
  if (all || chosen.includes('lists')) rows.push(...(await listRows()))
  console.log(`\n${cpus().length} cores, Node ${process.version}\n`)
  console.table(
    Object.fromEntries(
      rows.map(({ name, codekeep, peer, peerName, ratio, allowed }) => [name, { codekeep, peer, 'peer is': peerName, ratio, 'design asks': allowed }]),
    ),
  )
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
await main()
