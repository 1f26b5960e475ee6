import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { get, Refused, repositoryPath } from './call.ts'
import { oneRegion } from './repositories.ts'
import { connectionOptions, type Environment, readSettings, UsageError } from './settings.ts'
import { bytes, type Terminal } from './terminal.ts'

export const usage = `npx codekeep export <repository> [file] [--region <region>] [--endpoint-url <url>] [--profile <name>] [--ca-bundle <file>]

Writes a git bundle of every ref: one file, in the clear, that git clone reads. Default: <repository>.bundle; - is standard output.`

/** Exports a repository; the file is whole or not there. @returns the exit code */
export async function exportRepository(args: readonly string[], env: Environment, terminal: Terminal, stdout: NodeJS.WritableStream): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: connectionOptions, allowPositionals: true })
  const [name, file = `${name ?? ''}.bundle`, ...more] = positionals
  if (name === undefined || more.length > 0) throw new UsageError(usage)
  const settings = readSettings(values, env)
  const region = oneRegion(settings)
  const path = repositoryPath(region, name)
  const response = await get(settings, `${path}/bundle`, path, region)
  if (response.statusCode !== 200) throw new Refused(`HTTP ${response.statusCode ?? 0}`, (await text(response)).trim())
  let received = 0
  response.on('data', (chunk: Buffer) => terminal.progress(`exporting ${region}/${name}: ${bytes((received += chunk.length))}`))
  if (file === '-') {
    await pipeline(response, stdout, { end: false })
    terminal.endProgress()
    return 0
  }
  const part = `${resolve(file)}.part`
  try {
    await pipeline(response, createWriteStream(part, { mode: 0o600, flush: true }))
    await rename(part, resolve(file))
  } catch (error) {
    await rm(part, { force: true })
    throw new UsageError(`the export broke off, and nothing of it was kept: ${error instanceof Error ? error.message : ''}`)
  }
  terminal.endProgress()
  terminal.out(`${file}: ${bytes(received)}. It holds the repository in the clear. git clone ${file} reads it; git bundle verify checks it.`)
  return 0
}
