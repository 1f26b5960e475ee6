import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { call, Refused } from './call.ts'
import { importFromHere } from './import-from-here.ts'
import { oneRegion, refusalLine } from './repositories.ts'
import { connectionOptions, type Environment, readSettings, type Settings, UsageError } from './settings.ts'
import { bytes, duration, pause, type Terminal } from './terminal.ts'

type Import = Readonly<{
  importId: string
  repositoryName: string
  state: string
  branches: number
  tags: number
  notes: number
  leftOut: readonly { what: string; refs: number }[]
  progress: { phase: string; objectsReceived: number; objectsTotal: number; bytesReceived: number; bytesPerSecond: number; secondsLeft?: number; checked: number; checkTotal: number }
  failure?: { code: string; message: string }
}>

export const usage = `npx codekeep import <url or path> [--name <repository>] [--description <text>] [--from-here]
                    [--region <region>] [--endpoint-url <url>] [--profile <name>] [--ca-bundle <file>]

Mirrors a repository into a new or an empty one: every branch, tag and note. An https:// URL is fetched by the server, in the
background; a path, an ssh:// URL, or any URL with --from-here is read by the git of this machine and pushed.
A user name and a token for the source go into the URL, or into CODEKEEP_SOURCE_USERNAME and CODEKEEP_SOURCE_PASSWORD.`

/** Imports a repository. @returns the exit code */
export async function importRepository(args: readonly string[], env: Environment, terminal: Terminal): Promise<number> {
  const options = { ...connectionOptions, name: { type: 'string' }, description: { type: 'string' }, 'from-here': { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const [source, ...more] = positionals
  if (source === undefined || more.length > 0) throw new UsageError(usage)
  const settings = readSettings(values, env)
  const region = oneRegion(settings)
  const repositoryName = values.name ?? nameOf(source)
  const description = values.description
  const here = values['from-here'] === true || existsSync(source) || !/^https:\/\//i.test(source)
  if (here) return importFromHere(settings, region, { source, repositoryName, description }, env, terminal)
  return importByServer(settings, region, { source, repositoryName, description }, env, terminal)
}

/** `widget` for `https://host/team/widget.git`, `git@host:team/widget` and `../widget/.git`. */
export function nameOf(source: string): string {
  const path = source.replace(/[?#].*$/, '').replace(/\/+$/, '').replace(/\/?\.git$/, '')
  return basename(path.slice(path.lastIndexOf(':') + 1)).replace(/[^\w.-]+/g, '-')
}

type What = Readonly<{ source: string; repositoryName: string; description: string | undefined }>

async function importByServer(settings: Settings, region: string, { source, repositoryName, description }: What, env: Environment, terminal: Terminal): Promise<number> {
  const input = {
    sourceUrl: source,
    repositoryName,
    ...(description !== undefined && { repositoryDescription: description }),
    ...(env['CODEKEEP_SOURCE_USERNAME'] !== undefined && { username: env['CODEKEEP_SOURCE_USERNAME'] }),
    ...(env['CODEKEEP_SOURCE_PASSWORD'] !== undefined && { password: env['CODEKEEP_SOURCE_PASSWORD'] }),
  }
  let current: { import: Import }
  try {
    current = await call(settings, region, 'StartImport', input)
  } catch (error) {
    if (error instanceof Refused && (error.code === 'SourceAddressNotAllowedException' || (error.code === 'AccessDeniedException' && error.message.includes('codecommit:StartImport')))) {
      terminal.err('--from-here has this machine’s git read the source and push it.')
    }
    throw error
  }
  const { importId } = current.import
  terminal.err(`importing into ${region}/${repositoryName}; Ctrl-C cancels. Import ${importId}`)
  const cancel = (): void => void call(settings, region, 'CancelImport', { importId }).catch((error: unknown) => terminal.err(refusalLine(error)))
  const keep = terminal.onInterrupt(cancel)
  for (let looks = 0; current.import.state === 'IN_PROGRESS'; looks++) {
    terminal.progress(progressOf(current.import))
    await pause(looks)
    current = await call(settings, region, 'GetImport', { importId })
  }
  keep()
  terminal.endProgress()
  return conclude(current.import, region, terminal)
}

function conclude(done: Import, region: string, terminal: Terminal): number {
  if (done.state !== 'SUCCEEDED') {
    const { failure } = done
    terminal.err(`codekeep: the import ${failure ? `failed: ${failure.code}: ${failure.message}` : `was ${done.state.toLowerCase()}; nothing of the source was kept`}`)
    return 1
  }
  const { branches, tags, notes, progress, leftOut } = done
  terminal.out(`${region}/${done.repositoryName}: ${progress.objectsReceived} objects; ${branches} branches, ${tags} tags, ${notes} refs of notes`)
  for (const { what, refs } of leftOut) terminal.out(`left out: ${what}: ${refs}`)
  return 0
}

function progressOf({ progress }: Import): string {
  const { phase, objectsReceived, objectsTotal, bytesReceived, bytesPerSecond, secondsLeft, checked, checkTotal } = progress
  if (phase === 'CONNECTING') return `the source prepares; ${bytes(bytesReceived)}`
  if (phase === 'STORING') return 'encrypting and storing'
  if (phase === 'CHECKING') return `checking: ${checked} of ${checkTotal} deltas`
  return `receiving: ${objectsReceived} of ${objectsTotal} objects, ${bytes(bytesReceived)}, ${bytes(bytesPerSecond)}/s${secondsLeft === undefined ? '' : `, ${duration(secondsLeft)} left`}`
}
