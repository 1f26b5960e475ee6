import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { treeOf } from './process-tree.ts'

/**
 * Counts the CPU time of processes and of all that they start, those that have ended among them: what a server costs, whatever
 * its clients and the rest of the machine do meanwhile. A Linux control group does the counting.
 */
export type CpuAccount = Readonly<{
  /** Counts a process with what it has started, and what these start from now on. */
  add: (pid: number) => void
  /** The command with which a program is counted from its beginning. */
  counted: (program: string, args: readonly string[]) => [program: string, args: string[]]
  seconds: () => number
  /** To be called when the processes have ended. */
  close: () => void
}>

/** Opens an account; undefined where control groups cannot be had (another system, or not root). */
export function openCpuAccount(name: string): CpuAccount | undefined {
  const [accounting, unified] = ['/sys/fs/cgroup/cpuacct', '/sys/fs/cgroup']
  const parent = existsSync(join(accounting, 'cgroup.procs')) ? accounting : unified
  const folder = join(parent, `codekeep-bench-${process.pid}-${basename(name)}`)
  try {
    if (!existsSync(join(parent, 'cgroup.procs'))) return undefined
    mkdirSync(folder)
  } catch {
    return undefined
  }
  return {
    counted: (program, args) => ['/bin/sh', ['-c', 'echo $$ > "$0" && exec "$@"', join(folder, 'cgroup.procs'), program, ...args]],
    add: (pid) => {
      for (const each of treeOf(pid)) writeFileSync(join(folder, 'cgroup.procs'), String(each))
    },
    seconds: () =>
      parent === accounting
        ? Number(readFileSync(join(folder, 'cpuacct.usage'), 'latin1')) / 1e9
        : Number(/^usage_usec ([0-9]+)/m.exec(readFileSync(join(folder, 'cpu.stat'), 'latin1'))?.[1]) / 1e6,
    close: () => {
      try {
        rmdirSync(folder)
      } catch {
        // A straggler is still in it; an empty group costs nothing.
      }
    },
  }
}
