import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError } from '#lib/config'
import { lockDataDir, unlockDataDir } from '#lib/database/data-lock'

test('a data folder is one process’s: a second is refused by name, and a dead one holds nothing', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'codekeep-lock-'))
  const other = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', holdLock, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  const refused = new ConfigError(`CODEKEEP_DATA_DIR: ${dataDir} is in use by process ${other.pid ?? ''}; stop it, or choose another folder`)
  expect(() => lockDataDir(dataDir)).toThrow(refused)
  // Being refused does not loosen the other's hold.
  expect(() => lockDataDir(dataDir)).toThrow(refused)

  other.kill('SIGKILL')
  await once(other, 'exit')
  lockDataDir(dataDir)
  expect(() => lockDataDir(dataDir)).toThrow(`${dataDir} is already open in this process`)
  unlockDataDir(dataDir)
  lockDataDir(dataDir)
  unlockDataDir(dataDir)
  rmSync(dataDir, { recursive: true })
})

const holdLock = `
import { lockDataDir } from '#lib/database/data-lock'
lockDataDir(process.argv.at(-1))
console.log('held')
setInterval(() => {}, 1000)
`
