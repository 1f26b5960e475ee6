import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from '#lib/config'
import { git } from '#lib/git/command'
import { type IndexedPack, objectCountOf } from '#lib/git/index-pack'
import { decodeName, encodeName } from '#lib/git/name'
import type { ImportSource } from './source.ts'
import { shallowSource, sourceFailure } from './source-failure.ts'
import { isConfiguredHost, type Tunnel } from './tunnel.ts'

/** A source as it lists itself: every ref, and the branch that its HEAD names. */
export type SourceRefs = Readonly<{ head: string | null; refs: ReadonlyMap<string, string> }>

/** What git says while it fetches. */
export type FetchProgress = Readonly<{ step: 'receiving' | 'checking'; done: number; total: number }>

/**
 * Lists a source's refs (`git ls-remote`).
 * @throws ServiceException Source…Exception; the signal's reason
 */
export async function listSource(source: ImportSource, tunnel: Tunnel, signal: AbortSignal): Promise<SourceRefs> {
  try {
    const { stdout } = await git([...settings(source), 'ls-remote', '--symref', '--', source.url], { env: environment(source, tunnel), signal })
    let head: string | null = null
    const refs = new Map<string, string>()
    for (const line of decodeName(stdout).split('\n')) {
      const symbolic = /^ref: (\S+)\tHEAD$/.exec(line)?.[1]
      if (symbolic !== undefined) head = symbolic
      const [, oid, name] = /^([0-9a-f]{40})\t(refs\/[^\t]+)$/.exec(line) ?? []
      if (oid !== undefined && name !== undefined && !name.endsWith('^{}')) refs.set(name, oid)
    }
    return { head, refs }
  } catch (error) {
    throw signal.aborted ? error : sourceFailure(error, tunnel)
  }
}

/**
 * Fetches refs of a source into the quarantine `gitDir`, every object checked as a push's are (`index-pack --strict`), and
 * everything that the refs lead to walked by git. `refs` are as they were listed. Null where the source sent no object.
 * @throws ServiceException Source…Exception; the signal's reason
 */
export async function fetchSource(
  source: ImportSource,
  tunnel: Tunnel,
  { gitDir, refs, signal, onProgress }: { gitDir: string; refs: ReadonlyMap<string, string>; signal: AbortSignal; onProgress: (progress: FetchProgress) => void },
): Promise<IndexedPack | null> {
  const refspecs = Array.from(refs.keys(), (ref) => encodeName(`+${ref}:${ref}\n`))
  try {
    await git([...settings(source), 'fetch', '--progress', '--no-tags', '--no-write-fetch-head', '--no-auto-gc', '--stdin', '--', source.url], {
      gitDir,
      env: environment(source, tunnel),
      stdin: Buffer.concat(refspecs),
      signal,
      onStderr: (chunk) => {
        const progress = fetchProgress(chunk.toString('latin1'))
        if (progress) onProgress(progress)
      },
    })
  } catch (error) {
    throw signal.aborted ? error : sourceFailure(error, tunnel)
  }
  const fetched = await refsOf(gitDir, signal)
  // Of a shallow source git leaves refs out with no more than a warning.
  if (existsSync(join(gitDir, 'shallow')) || [...refs.keys()].some((ref) => !fetched.has(ref))) throw shallowSource()
  return fetchedPack(gitDir)
}

async function refsOf(gitDir: string, signal: AbortSignal): Promise<Map<string, string>> {
  const { stdout } = await git(['for-each-ref', '--format=%(objectname) %(refname)'], { gitDir, signal, maxBuffer: 256 * 1024 * 1024 })
  const lines = decodeName(stdout).split('\n').filter((line) => line !== '')
  return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]))
}

/** The last line of git's progress in what it printed; what the source itself says (`remote: …`) is none. */
export function fetchProgress(text: string): FetchProgress | null {
  const last = [...text.matchAll(/(?:^|[\r\n])(Receiving objects|Resolving deltas):\s+\d+% \((\d+)\/(\d+)\)/g)].at(-1)
  return last ? { step: last[1] === 'Receiving objects' ? 'receiving' : 'checking', done: Number(last[2]), total: Number(last[3]) } : null
}

/** What of git's behaviour matters here and has no environment variable. Nothing secret: arguments can be seen. */
function settings(source: ImportSource): string[] {
  const { origin } = new URL(source.url)
  const { importCaFile } = config()
  return [
    ...['-c', 'http.proxyAuthMethod=basic', '-c', 'http.followRedirects=initial', '-c', 'protocol.version=2'],
    // A source that stops sending is given up; one that takes for ever is ended by the import's own deadline.
    ...['-c', `http.lowSpeedLimit=${leastBytesPerSecond}`, '-c', `http.lowSpeedTime=${stalledSeconds}`],
    ...['-c', 'fetch.fsckObjects=true', '-c', 'fetch.unpackLimit=1', '-c', 'fetch.recurseSubmodules=no', '-c', 'fetch.writeCommitGraph=false'],
    // The helper is asked for this origin alone: what a redirect leads to does not get the password.
    ...(source.credentials ? ['-c', `credential.${origin}.helper=${credentialHelper}`] : []),
    ...(importCaFile !== undefined && isConfiguredHost(source) ? ['-c', `http.${origin}/.sslCAInfo=${importCaFile}`] : []),
  ]
}

function environment({ credentials }: ImportSource, tunnel: Tunnel): Record<string, string> {
  return {
    GIT_ALLOW_PROTOCOL: 'https',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.proxy',
    GIT_CONFIG_VALUE_0: tunnel.proxy,
    ...(credentials && { CODEKEEP_SOURCE_USERNAME: credentials.username, CODEKEEP_SOURCE_PASSWORD: credentials.password }),
  }
}

const leastBytesPerSecond = 100
const stalledSeconds = 120
const credentialHelper = '!f() { test "$1" = get || exit 0; printf "username=%s\\npassword=%s\\n" "$CODEKEEP_SOURCE_USERNAME" "$CODEKEEP_SOURCE_PASSWORD"; }; f'

async function fetchedPack(gitDir: string): Promise<IndexedPack | null> {
  const folder = join(gitDir, 'objects', 'pack')
  const packs = (await readdir(folder)).filter((file) => file.endsWith('.pack'))
  const [file] = packs
  if (file === undefined) return null
  if (packs.length > 1) throw new Error('git fetch made more than one pack')
  const packPath = join(folder, file)
  return {
    packName: file.slice('pack-'.length, -'.pack'.length),
    packPath,
    idxPath: packPath.replace(/\.pack$/, '.idx'),
    objectCount: await objectCountOf(packPath),
    bytes: (await stat(packPath)).size,
  }
}
