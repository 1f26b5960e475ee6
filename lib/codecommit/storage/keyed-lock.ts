import { remember } from '#lib/remember'

/** Runs `work` when nobody else in this process works under the same key; first come, first served. */
export async function withLock<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  const tails = remember('codecommit.locks', () => new Map<string, Promise<void>>())
  const before = tails.get(key)
  let release: () => void = () => undefined
  const tail = new Promise<void>((resolve) => (release = resolve))
  tails.set(key, tail)
  await before
  try {
    return await work()
  } finally {
    release()
    if (tails.get(key) === tail) tails.delete(key)
  }
}
