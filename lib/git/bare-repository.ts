import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeName } from '#lib/git/name'
import { packedRefs, type Refs } from '#lib/git/refs'

/**
 * Makes a bare repository for git to serve from, without starting git: `git init` costs a process and a folder of
 * sample hooks. The folder may exist if it is empty. Only the owner may enter it.
 */
export async function createBareRepository(directory: string): Promise<void> {
  await mkdir(join(directory, 'objects', 'pack'), { recursive: true, mode: 0o700 })
  await mkdir(join(directory, 'objects', 'info'), { mode: 0o700 })
  await mkdir(join(directory, 'refs', 'heads'), { recursive: true, mode: 0o700 })
  await mkdir(join(directory, 'refs', 'tags'), { mode: 0o700 })
  await writeFile(join(directory, 'config'), config, { mode: 0o600 })
  await writePackedRefs(directory, { head: null, refs: new Map() })
}

/**
 * Brings the repository's refs and HEAD to `refs`. Each file is replaced by a rename, so that a git which is reading sees
 * the old refs or the new ones, never a part.
 */
export async function writePackedRefs(directory: string, refs: Refs): Promise<void> {
  await replaceFile(join(directory, 'packed-refs'), packedRefs(refs))
  await replaceFile(join(directory, 'HEAD'), encodeName(`ref: ${refs.head ?? unbornBranch(refs)}\n`))
}

/** git wants a HEAD in every repository; where there is none, one that no branch is behind tells nobody of any. */
function unbornBranch({ refs }: Refs): string {
  let name = 'refs/heads/main'
  while (refs.has(name)) name += '-'
  return name
}

/**
 * What upload-pack needs, and nothing that a served repository must not do.
 *
 * - `allowFilter`: partial clones. `allowAnySHA1InWant`: their later fetches of what is missing ask for blobs and trees by
 *   ID, which `allowReachableSHA1InWant` cannot prove reachable. Protocol 2 serves any object in any case; this makes 0 and 1
 *   alike. Whoever may read the repository may therefore read every object in it, named by a ref or not.
 * - No hooks, no collection, no reflogs, no fsync: the folder is a copy that lives in memory.
 * - `packedGitLimit` is left alone; two threads are what `pack-objects` gets, so that one clone cannot take every core.
 */
const config = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
	logAllRefUpdates = false
	hooksPath = /dev/null
	fsync = none
	quotePath = false
[gc]
	auto = 0
[maintenance]
	auto = false
[receive]
	autogc = false
[transfer]
	advertiseSID = false
[uploadpack]
	allowFilter = true
	allowAnySHA1InWant = true
[pack]
	threads = 2
	windowMemory = 256m
	writeBitmapLookupTable = true
`

let lastTemporary = 0

async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.${lastTemporary++}`
  await writeFile(temporary, content, { mode: 0o600 })
  await rename(temporary, path)
}
