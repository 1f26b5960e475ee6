import { readdirSync, readFileSync } from 'node:fs'

/**
 * Bytes in memory of a process, and of its descendants: what is theirs alone (anonymous), not files of a memory-backed
 * folder that they have mapped. Undefined where the system has no /proc.
 */
export function memoryOf(pid: number): Readonly<{ own: number; descendants: number }> | undefined {
  const all = processes()
  if (!all.has(pid)) return undefined
  const descendants = treeOf(pid, all).filter((each) => each !== pid)
  return { own: anonymous(pid), descendants: descendants.reduce((sum, each) => sum + anonymous(each), 0) }
}

/** Every process with its parent. */
function processes(): Map<number, number> {
  const found = new Map<number, number>()
  for (const name of tryRead(() => readdirSync('/proc')) ?? []) {
    if (!/^[0-9]+$/.test(name)) continue
    const text = tryRead(() => readFileSync(`/proc/${name}/stat`, 'latin1'))
    // proc(5): the second field is a name, which may hold anything; the parent is the fourth.
    if (text !== undefined) found.set(Number(name), Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]))
  }
  return found
}

/** A process and all that it has started, and what these have. */
export function treeOf(root: number, all: ReadonlyMap<number, number> = processes()): number[] {
  const tree = new Set([root])
  for (let before = -1; before !== tree.size; ) {
    before = tree.size
    for (const [pid, parent] of all) if (tree.has(parent)) tree.add(pid)
  }
  return [...tree]
}

function anonymous(pid: number): number {
  const status = tryRead(() => readFileSync(`/proc/${pid}/status`, 'latin1')) ?? ''
  return Number(/^RssAnon:\s+([0-9]+) kB$/m.exec(status)?.[1] ?? 0) * 1024
}

/** A process may end between two looks. */
function tryRead<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
