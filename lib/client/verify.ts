import { parseArgs } from 'node:util'
import { call } from './call.ts'
import { refusalLine, repositoryNames, whichRegions } from './repositories.ts'
import { connectionOptions, type Environment, readSettings, type Settings, UsageError } from './settings.ts'
import { bytes, pause, type Terminal } from './terminal.ts'

type Verification = Readonly<{
  state: string
  progress: { phase: string; bytesOpened: number; bytesTotal: number; objectsChecked: number; objectsTotal: number }
  damage: readonly { kind: string; object: string; problem: string }[]
  damageCount: number
  failure?: { code: string; message: string }
}>

export const usage = `npx codekeep verify [repository] [--region <region>] [--endpoint-url <url>] [--profile <name>] [--ca-bundle <file>]

Opens every sealed byte of a repository, checks every object, and prints what it found. Without a repository: all of the Region, or
of all Regions where none is named. Exit code: 0 all is whole, 1 something is damaged, 2 something could not be verified.`

/** Verifies one repository or all; the work is the server's. @returns the exit code */
export async function verify(args: readonly string[], env: Environment, terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: connectionOptions, allowPositionals: true })
  const [name, ...more] = positionals
  if (more.length > 0) throw new UsageError('give one repository, or none for all')
  const settings = readSettings(values, env)
  const regions = whichRegions(settings)
  if (name !== undefined && regions.length > 1) throw new UsageError('which Region? Give --region or set AWS_REGION')
  const found = { whole: 0, damaged: 0, refused: 0 }
  for (const region of regions) {
    let names: string[]
    try {
      names = name === undefined ? await repositoryNames(settings, region) : [name]
    } catch (error) {
      terminal.out(`refused   ${region}  ${refusalLine(error)}`)
      found.refused += 1
      continue
    }
    for (const each of names) found[await verifyOne(settings, region, each, terminal)] += 1
  }
  terminal.out(`${found.whole} whole, ${found.damaged} damaged, ${found.refused} not verified`)
  return found.damaged > 0 ? 1 : found.refused > 0 ? 2 : 0
}

async function verifyOne(settings: Settings, region: string, repositoryName: string, terminal: Terminal): Promise<'whole' | 'damaged' | 'refused'> {
  const place = `${region}/${repositoryName}`
  let verification: Verification | undefined
  try {
    ;({ verification } = await call<{ verification?: Verification }>(settings, region, 'StartVerification', { repositoryName }))
    for (let looks = 0; verification?.state === 'IN_PROGRESS'; looks++) {
      terminal.progress(`${place}: ${progressOf(verification)}`)
      await pause(looks)
      ;({ verification } = await call<{ verification?: Verification }>(settings, region, 'GetVerification', { repositoryName }))
    }
  } catch (error) {
    terminal.out(`refused   ${place}  ${refusalLine(error)}`)
    return 'refused'
  }
  terminal.endProgress()
  if (verification?.state === 'WHOLE') {
    const { bytesOpened, objectsChecked } = verification.progress
    terminal.out(`whole     ${place}  ${bytes(bytesOpened)} opened, ${objectsChecked} objects checked`)
    return 'whole'
  }
  if (verification?.state === 'DAMAGED') {
    terminal.out(`damaged   ${place}  ${verification.damageCount} ${verification.damageCount === 1 ? 'problem' : 'problems'}`)
    for (const { kind, object, problem } of verification.damage) terminal.out(`          ${kind} ${object}: ${problem}`.replace(' : ', ': '))
    return 'damaged'
  }
  terminal.out(`unknown   ${place}  ${verification?.failure ? `${verification.failure.code}: ${verification.failure.message}` : (verification?.state ?? 'not verified').toLowerCase()}`)
  return 'refused'
}

function progressOf({ progress: { phase, bytesOpened, bytesTotal, objectsChecked, objectsTotal } }: Verification): string {
  if (phase === 'WAITING') return 'waiting for another verification to end'
  return phase === 'OPENING' ? `opening ${bytes(bytesOpened)} of ${bytes(bytesTotal)}` : `checking ${objectsChecked} of ${objectsTotal} objects`
}
