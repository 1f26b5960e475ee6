type Entry = {
  version?: string
  resolved?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  cpu?: string[]
  os?: string[]
  libc?: string[]
  optional?: boolean
  dev?: boolean
}
export type Lock = { lockfileVersion: number; packages: Record<string, Entry> }
export function completeLock(lock: Lock): string[]
export function registryHosts(lock: Lock): string[]
