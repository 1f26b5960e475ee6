import { git } from '#lib/git/command'
import { objectEnvironment, type ObjectSource } from '#lib/git/object-directory'
import { isOid } from '#lib/git/refs'

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag'

/** What each object is; null for one that is not there. A branch may only point at a commit. */
export async function objectTypes(
  options: ObjectSource & Readonly<{ oids: Iterable<string>; signal: AbortSignal }>,
): Promise<Map<string, ObjectType | null>> {
  const oids = [...new Set(options.oids)]
  if (oids.length === 0) return new Map()
  for (const oid of oids) if (!isOid(oid)) throw new Error('expected an object ID')
  const { stdout } = await git(['cat-file', '--batch-check=%(objecttype)'], {
    gitDir: options.gitDir,
    env: objectEnvironment(options),
    stdin: Buffer.from(oids.join('\n') + '\n'),
    signal: options.signal,
  })
  const lines = stdout.toString('latin1').split('\n')
  return new Map(oids.map((oid, index) => [oid, asType(lines[index])]))
}

/** What one object is, or null. */
export async function objectType(
  options: ObjectSource & Readonly<{ oid: string; signal: AbortSignal }>,
): Promise<ObjectType | null> {
  const types = await objectTypes({ ...options, oids: [options.oid] })
  return types.get(options.oid) ?? null
}

/** What annotated tags stand for: oid → the first object behind it that is no tag. Others are left out. */
export async function peeledTags(
  options: ObjectSource & Readonly<{ oids: Iterable<string>; signal: AbortSignal }>,
): Promise<Map<string, string>> {
  const types = await objectTypes(options)
  const tags = [...types].filter(([, type]) => type === 'tag').map(([oid]) => oid)
  if (tags.length === 0) return new Map()
  const { stdout } = await git(['cat-file', '--batch-check=%(objectname)'], {
    gitDir: options.gitDir,
    env: objectEnvironment(options),
    stdin: Buffer.from(tags.map((oid) => `${oid}^{}\n`).join('')),
    signal: options.signal,
  })
  const lines = stdout.toString('latin1').split('\n')
  const peeled = new Map<string, string>()
  for (const [index, oid] of tags.entries()) {
    const line = lines[index] ?? ''
    if (isOid(line)) peeled.set(oid, line)
  }
  return peeled
}

function asType(line: string | undefined): ObjectType | null {
  return line === 'commit' || line === 'tree' || line === 'blob' || line === 'tag' ? line : null
}
