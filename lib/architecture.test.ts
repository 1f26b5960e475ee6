import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import { expect, test } from 'vitest'

/**
 * Which part may import which: design, section 4, as data. A part is the longest of these names that a file's path begins
 * with. What is not listed may not be imported; every part may import itself.
 */
const leaves = ['lib/crypto', 'lib/sigv4', 'lib/git', 'lib/operation']
const foundations = ['lib/remember', 'lib/kept-rows', 'lib/config', 'lib/db', 'lib/root-key', 'lib/account', 'lib/scratch', 'prisma']
const services = ['lib/kms', 'lib/iam', 'lib/cloudtrail']

const mayImport: Readonly<Record<string, readonly string[]>> = {
  'lib/crypto': [],
  'lib/sigv4': [],
  'lib/git': [],
  'lib/operation': [],
  // Policy evaluation is a pure function over documents; key policies are documents too.
  'lib/iam/policy': ['lib/operation'],

  'lib/remember': [],
  'lib/kept-rows': ['lib/remember'],
  'lib/config': ['lib/remember'],
  'lib/scratch': ['lib/remember'],
  'lib/db': ['lib/remember', 'prisma'],
  'lib/root-key': ['lib/remember', 'lib/config', 'lib/crypto'],
  'lib/account': ['lib/remember', 'lib/config', 'lib/db', 'lib/root-key'],
  'lib/database': ['lib/remember', 'lib/kept-rows', 'lib/config', 'lib/db', 'lib/root-key', 'lib/account', 'prisma'],

  'lib/kms': [...leaves, ...foundations, 'lib/iam/policy'],
  'lib/iam': [...leaves, ...foundations, 'lib/iam/policy'],
  'lib/cloudtrail': [...leaves, ...foundations],

  'lib/invoke': ['lib/iam', 'lib/cloudtrail', 'lib/operation'],
  // KMS only as an operation through invoke; never what is behind it.
  'lib/codecommit': [...leaves, ...foundations, 'lib/invoke', 'lib/kms/api'],
  'lib/kms/api': [...leaves, ...foundations, 'lib/kms', 'lib/iam/policy'],
  // What KMS does by itself runs its own operations, through an invoke that is handed in.
  'lib/kms/schedule': [...leaves, ...foundations, 'lib/kms', 'lib/kms/api'],

  // Asks every service's operations what they would ask of policy, and runs none.
  'lib/explain': [...leaves, ...foundations, ...services, 'lib/kms/api', 'lib/iam/policy', 'lib/codecommit'],

  'lib/aws': ['lib/operation', 'lib/account', 'lib/config', 'lib/remember', 'lib/invoke', 'lib/kms/api', 'lib/iam', 'lib/cloudtrail', 'lib/codecommit'],
  'lib/server': [...leaves, ...foundations, ...services, 'lib/kms/api', 'lib/kms/schedule', 'lib/iam/policy', 'lib/database', 'lib/invoke', 'lib/codecommit', 'lib/aws'],
  'lib/testing': [...leaves, ...foundations, ...services, 'lib/kms/api', 'lib/iam/policy', 'lib/database', 'lib/invoke', 'lib/codecommit', 'lib/aws', 'lib/server'],

  // codekeep's commands on anybody's machine: they know a server by its APIs alone.
  'lib/client': ['lib/sigv4', 'lib/operation'],

  // Pages reach the data through invoke and read models; never the wire.
  app: [...leaves, ...foundations, ...services, 'lib/kms/api', 'lib/iam/policy', 'lib/invoke', 'lib/codecommit', 'lib/explain', 'components', 'components/ui', 'app/paths'],
  // Of lib, components know types alone: see `violations`.
  components: [...leaves, ...foundations, ...services, 'lib/kms/api', 'lib/iam/policy', 'lib/codecommit', 'lib/explain', 'app/paths', 'components/ui'],
  // Primitives know no AWS and no router.
  'components/ui': [],
  'app/paths': [],
  'server.ts': ['lib/config', 'lib/database', 'lib/codecommit', 'lib/server'],
  'proxy.ts': [],
}

/** What the top level holds, and nothing else: a newcomer's first view. */
const topLevel = [
  '.ci', '.env.example', '.gitignore', '.npmrc', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'app', 'bench', 'components', 'docs', 'e2e', 'eslint.config.js', 'lib',
  'next.config.js', 'package-lock.json', 'package.json', 'playwright.config.ts', 'postcss.config.mjs', 'prisma', 'proxy.ts', 'scripts', 'server.ts', 'tsconfig.json',
  'vitest.config.ts',
]
const untracked = ['.git', '.env', '.next', 'node_modules', 'dist', 'data', 'test-results', 'playwright-report', 'coverage', 'next-env.d.ts', 'tsconfig.tsbuildinfo']

const root = join(import.meta.dirname, '..')

test('every import goes the way the design draws', () => {
  const files = ['lib', 'app', 'components', 'server.ts', 'proxy.ts'].flatMap((top) => sourcesOf(join(root, top)))
  expect(files.length).toBeGreaterThan(50)
  expect(files.flatMap((file) => violations(file, readFileSync(join(root, file), 'utf8')))).toEqual([])
})

test('the top level is what the design draws', () => {
  const present = readdirSync(root).filter((name) => !untracked.includes(name) && !name.endsWith('.log'))
  expect(present.filter((name) => !topLevel.includes(name))).toEqual([])
})

test('a bad import is found, whichever way it is written', () => {
  const bad: [file: string, source: string][] = [
    ['lib/crypto/aead.ts', "import { rootKey } from '#lib/root-key'"],
    ['lib/crypto/aead.ts', "import type { Arn } from '#lib/operation/arn'"],
    ['lib/git/refs.ts', "import { config } from '../config.ts'"],
    ['lib/kms/keys.ts', "import { authorize } from '#lib/iam/authorize'"],
    ['lib/kms/keys.ts', "import {\n  recordEvent,\n} from '#lib/cloudtrail/record'"],
    ['lib/kms/api/keys.ts', "export { users } from '#lib/iam/users'"],
    ['lib/cloudtrail/record.ts', "const { invoke } = await import('#lib/invoke')"],
    ['lib/codecommit/storage/sealed.ts', "import { decrypt } from '#lib/kms/cryptography'"],
    ['lib/codecommit/api.ts', "import { authorize } from '#lib/iam/authorize'"],
    ['lib/invoke.ts', "import { Encrypt } from '#lib/kms/api'"],
    ['lib/kms/keys.ts', "import '#lib/server/doors'"],
    ['lib/aws/endpoint.ts', "import { peerOf } from '#lib/server/peer'"],
    ['lib/server/doors.ts', "import { paths } from '#app/paths.ts'"],
    ['lib/server/doors.ts', "import next from 'next'"],
    ['lib/iam/users.ts', "import 'server-only'"],
    ['lib/operation/define.ts', "import { cache } from 'react'"],
    ['lib/iam/users.ts', "import { headers } from 'next/headers'"],
    ['app/page.tsx', "import { handleAws } from '#lib/aws/endpoint'"],
    ['components/kms/key.tsx', "import { regions } from '#lib/operation/regions'"],
    ['components/kms/key.tsx', "import { type Arn } from '#lib/operation/arn'"],
    ['components/kms/key.tsx', "import { createKey } from '#app/(console)/kms/actions.ts'"],
    ['components/ui/button.tsx', "import type { Arn } from '#lib/operation/arn'"],
    ['components/ui/link.tsx', "import { paths } from '#app/paths.ts'"],
    ['lib/git/command.ts', 'const path = process.env.PATH'],
    ['lib/git/command.ts', "const path = process['env'].PATH"],
    ['app/page.tsx', 'const path = process.env.CODEKEEP_PORT'],
    ['app/(console)/kms/keys.tsx', "'use server'\nexport async function remove() {}"],
    ['components/kms/key.tsx', "export function Key() {\n  async function remove() {\n    'use server'\n  }\n}"],
    ['lib/unknown/thing.ts', "import { db } from '#lib/db'"],
  ]
  for (const [file, source] of bad) expect([file, source, violations(file, source).length]).toEqual([file, source, 1])
})

test('what the design allows is not found', () => {
  const good: [file: string, source: string][] = [
    ['lib/kms/keys.ts', "import { seal } from '#lib/crypto/aead'\nimport { db } from '#lib/db'\nimport { keyId } from './key-id.ts'"],
    ['lib/codecommit/storage/sealed.ts', "import { Decrypt } from '#lib/kms/api'\nimport { invoke } from '#lib/invoke'"],
    ['lib/kms/key-policy.ts', "import { evaluate } from '#lib/iam/policy/evaluate'"],
    ['components/kms/key.tsx', "import type { Arn } from '#lib/operation/arn'\nimport { paths } from '#app/paths.ts'\nimport { useState } from 'react'"],
    ['app/(console)/kms/actions.ts', "'use server'\nimport { invoke } from '#lib/invoke'"],
    ['lib/config.ts', 'parseConfig(process.env)'],
    ['lib/crypto/aead.ts', "// as '#lib/root-key' says, and import nothing from 'next'\nimport { createCipheriv } from 'node:crypto'"],
  ]
  for (const [file, source] of good) expect([file, violations(file, source)]).toEqual([file, []])
})

/** What a source file does against the design, one line each. */
function violations(file: string, source: string): string[] {
  const text = withoutComments(source)
  const found: string[] = []
  const from = partOf(file)
  if (from === undefined) return [`${file} is part of nothing that the design draws`]
  for (const { specifier, typeOnly } of importsOf(text)) {
    const target = resolveImport(file, specifier)
    if (target === undefined) {
      if (file.startsWith('lib/') && /^(next|react|react-dom|server-only|client-only)(\/|$)/.test(specifier)) found.push(`${file} imports ${specifier}: lib/ is free of frameworks`)
      continue
    }
    const to = partOf(target)
    if (to !== from && (to === undefined || !mayImport[from]?.includes(to))) found.push(`${file} imports ${specifier}: ${from} may not`)
    else if (from === 'components' && target.startsWith('lib/') && !typeOnly) found.push(`${file} imports ${specifier}: components know only types of lib/`)
  }
  // What Next itself is told by its own variables is no setting of ours.
  const readsEnvironment = /\bprocess(\.|\[['"])env\b(?!(\.|\[['"])(NODE_ENV|__NEXT_))/.test(text)
  if (readsEnvironment && file !== 'lib/config.ts' && file !== 'server.ts' && from !== 'lib/testing') found.push(`${file} reads the environment: lib/config.ts does`)
  if (/^\s*(['"])use server\1/m.test(text) && !/^app\/(.*\/)?actions\.ts$/.test(file)) found.push(`${file} has server actions: they are in app/**/actions.ts`)
  return found
}

/** The part of the drawing that a file belongs to: the longest name that its path begins with. */
function partOf(path: string): string | undefined {
  const name = path.replace(/\.tsx?$/, '')
  return [...Object.keys(mayImport), 'prisma']
    .filter((part) => path === part || name === part || path.startsWith(`${part}/`))
    .sort((a, b) => b.length - a.length)[0]
}

/** The file within this repository that an import means; undefined for a package or Node's own. */
function resolveImport(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('#lib/')) return `${specifier.slice(1)}.ts`
  if (specifier.startsWith('#')) return specifier.slice(1)
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(file), specifier)) : undefined
}

function importsOf(text: string): { specifier: string; typeOnly: boolean }[] {
  const statements = text.matchAll(/^[ \t]*(?:import|export)\b(?<clause>[^'"`;()]*?)\bfrom\s*(['"])(?<specifier>[^'"]+)\2/gm)
  const bare = text.matchAll(/^[ \t]*import\s*(['"])(?<specifier>[^'"]+)\1/gm)
  const dynamic = text.matchAll(/\b(?:import|require)\s*\(\s*(['"])(?<specifier>[^'"]+)\1/g)
  return [...statements, ...bare, ...dynamic].map(({ groups }) => ({
    specifier: groups?.['specifier'] ?? '',
    typeOnly: /^\s*type\b/.test(groups?.['clause'] ?? ''),
  }))
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

/** Sources below a path, tests apart: a test may use whatever makes its story. */
function sourcesOf(path: string): string[] {
  if (/\.tsx?$/.test(path)) return [relative(root, path)]
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inside = join(path, entry.name)
    if (entry.isDirectory()) return sourcesOf(inside)
    return /(?<!\.test)\.tsx?$/.test(entry.name) && !entry.name.startsWith('test-') ? [relative(root, inside)] : []
  })
}
