import { Refused } from './call.ts'
import { exportRepository, usage as exportUsage } from './export.ts'
import { importRepository, usage as importUsage } from './import.ts'
import { refusalLine } from './repositories.ts'
import { type Environment, UsageError } from './settings.ts'
import { type Host, type Terminal, terminalOf } from './terminal.ts'
import { usage as verifyUsage, verify } from './verify.ts'

type Command = Readonly<{ usage: string; run: (args: readonly string[], env: Environment, terminal: Terminal, stdout: NodeJS.WritableStream) => Promise<number> }>

const commands: Readonly<Record<string, Command>> = {
  import: { usage: importUsage, run: importRepository },
  export: { usage: exportUsage, run: exportRepository },
  verify: { usage: verifyUsage, run: verify },
}

/**
 * Runs a command of `npx codekeep` that is a client of a running server: by its APIs and an access key, as any other.
 * @returns the exit code
 */
export async function runClient(name: string, args: readonly string[], host: Host): Promise<number> {
  const command = commands[name]
  if (!command) throw new Error(`there is no command ${name}`)
  const terminal = terminalOf(host)
  if (args.includes('--help') || args.includes('-h')) {
    terminal.out(command.usage)
    return 0
  }
  try {
    return await command.run(args, host.env, terminal, host.stdout)
  } catch (error) {
    // What parseArgs does not know is a mistake of who types it too.
    const mistake = error instanceof UsageError || (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    if (!mistake && !(error instanceof Refused)) throw error
    terminal.err(`codekeep: ${error instanceof Refused ? refusalLine(error) : error.message}`)
    return mistake ? 2 : 1
  }
}
