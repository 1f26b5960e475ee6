// Generates the Prisma clients, one per database, from the shared models: prisma/models + prisma/<provider>/schema.prisma.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

for (const provider of ['sqlite', 'postgresql']) {
  // Prisma reads one folder; ours are two, so they meet in a third, under node_modules where nothing watches.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
  const folder = mkdtempSync(join(root, 'node_modules/.cache/prisma-'))
  try {
    cpSync(join(root, 'prisma/models'), folder, { recursive: true })
    const output = join(root, 'prisma', provider, 'generated')
    const schema = readFileSync(join(root, 'prisma', provider, 'schema.prisma'), 'utf8')
    writeFileSync(join(folder, 'schema.prisma'), schema.replace('"./generated"', JSON.stringify(resolve(output))))
    rmSync(output, { recursive: true, force: true })
    execFileSync(process.execPath, [join(root, 'node_modules/prisma/build/index.js'), 'generate', '--schema', folder], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      // `generate` needs no engine binary but would try to download one; any executable satisfies it.
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
