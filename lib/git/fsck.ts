import { git, isGitError } from '#lib/git/command'

/** An object that git fsck complains of, in words that name nothing of the repository but object IDs. */
export type FsckDamage = Readonly<{ /** Empty where git names none. */ oid: string; problem: string }>

/**
 * Checks a repository as `git fsck --full` does: packs and their indexes, the bytes and the form of every object, and that all
 * that the refs lead to is there.
 *
 * git's own lines may quote refs and paths, so what is returned is only what is recognized in them; a complaint that is
 * not is told as one, without its text.
 */
export async function fsckDamage(
  gitDir: string,
  { signal, onChecked }: { signal: AbortSignal; onChecked?: (objects: number) => void },
): Promise<FsckDamage[]> {
  const { exitCode, stdout, stderr } = await git(
    ['fsck', '--full', '--no-dangling', '--no-reflogs', '--progress'],
    {
      gitDir,
      signal,
      // git fsck adds up what it finds: 1 damaged, 2 missing, 4 unreachable, 8 bad pack, 16 bad refs…
      expectedExitCodes: Array.from({ length: 129 }, (_, code) => code),
      maxBuffer: 64 * 1024 * 1024,
      onStderr: (chunk) => {
        const checked = chunk.toString('latin1').match(/Checking objects:\s+\d+% \((\d+)\//g)?.at(-1)
        if (checked) onChecked?.(Number(/\((\d+)\//.exec(checked)?.[1]))
      },
    },
  )
  if (exitCode === 0) return []
  const damage = new Map<string, FsckDamage>()
  for (const line of `${stdout.toString('latin1')}\n${stderr}`.split(/[\r\n]+/)) {
    const each = parse(line)
    if (each) damage.set(`${each.oid} ${each.problem}`, each)
  }
  if (damage.size === 0) damage.set('', { oid: '', problem: `git fsck ends with ${exitCode}` })
  return [...damage.values()]
}

/** Writes the index of a pack that has none; what git cannot index stays without, for fsck to find its objects missing. */
export async function indexExistingPack(packPath: string, options: { gitDir: string; signal: AbortSignal }): Promise<void> {
  try {
    await git(['index-pack', packPath], options)
  } catch (error) {
    if (!isGitError(error)) throw error
  }
}

const forms: readonly (readonly [form: RegExp, problem: (match: RegExpExecArray) => string])[] = [
  [/^missing (blob|tree|commit|tag|unknown) (?<oid>[0-9a-f]{40})/, ([, type]) => `is missing: a ${type ?? ''} that refs lead to`],
  [/^broken link from +(\w+) (?<oid>[0-9a-f]{40})/, ([, type]) => `a ${type ?? ''} that links to what is missing`],
  [/^(?:error|warning) in (\w+) (?<oid>[0-9a-f]{40}): (\w+)/, ([, type, , id]) => `a ${type ?? ''} that is malformed (${id ?? ''})`],
  [/invalid sha1 pointer (?<oid>[0-9a-f]{40})/, () => 'is missing: a ref points at it'],
  [/(?:packed|hash(?:-path)? mismatch|object corrupt or missing:?|cannot unpack|cannot read|sha1 mismatch|unable to unpack|loose object) (?<oid>[0-9a-f]{40})/i, () => 'its bytes are not what its ID says'],
  [/(?<oid>[0-9a-f]{40}).*(?:corrupt|mismatch)/, () => 'its bytes are not what its ID says'],
]

function parse(line: string): FsckDamage | null {
  for (const [form, problem] of forms) {
    const match = form.exec(line)
    if (match) return { oid: match.groups?.['oid'] ?? '', problem: problem(match) }
  }
  return /^(?:error|fatal): /.test(line) ? { oid: '', problem: 'git fsck has another complaint' } : null
}
