#!/usr/bin/env node
// npx codekeep <command>: what an operator does beside running the server.
import { bundleClient, fail, loadEnvironment } from './steps.mjs'

/** Each command: what it does in one line, and how to load it. A command's module exports `run(args)`. */
const commands = {
  trust: { summary: 'add the local CA to the stores of this system and its browsers, or say how', load: () => import('./trust.mjs') },
  import: { summary: 'mirror a Git repository, from a URL or a path, into an encrypted one', load: () => client('import') },
  export: { summary: 'write a git bundle of a repository', load: () => client('export') },
  verify: { summary: 'open every sealed byte of a repository or of all, check every object, say what is damaged', load: () => client('verify') },
}

/** A command that is a client of a running server (lib/client). */
async function client(command) {
  const { runClient } = await import(bundleClient())
  return {
    run: async (args) => {
      process.exitCode = await runClient(command, args, process)
    },
  }
}

const [name, ...args] = process.argv.slice(2)
if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
  console.log('npx codekeep <command>\n')
  for (const [command, { summary }] of Object.entries(commands)) console.log(`  ${command.padEnd(10)}${summary}`)
  process.exit(name === undefined ? 1 : 0)
}
if (!Object.hasOwn(commands, name)) fail(`there is no command ${name}; npx codekeep help lists them`)
loadEnvironment()
const { run } = await commands[name].load()
await run(args)
