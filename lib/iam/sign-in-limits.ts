import { remember } from '#lib/remember'

/** Who tries, and from where. */
export type Attempt = Readonly<{ user: string; address: string }>

/**
 * Counts an attempt to prove a password, before the password is looked at, so that attempts at the same time cannot pass
 * together. Three limits, each with delays that double:
 *
 * - a user from one address: 5 attempts, then 2, 4, 8 … 900 seconds;
 * - one address, for any users: 50 attempts, then the same;
 * - a user from anywhere: 100 attempts, then the same up to 60 seconds; but not from an address that this user has signed in
 *   from, so that whoever guesses from elsewhere cannot keep the user out.
 *
 * An attempt that is refused here does not lengthen the delay. What is counted is forgotten a day after the last attempt.
 *
 * @returns seconds to wait where the attempt is refused; 0 where it may go on
 */
export function beginAttempt({ user, address }: Attempt, now: Date): number {
  const { counts, proven } = state()
  const limits = [
    { name: `${user} ${address}`, free: 5, longest: 900 },
    { name: `address ${address}`, free: 50, longest: 900 },
    ...(proven.has(`${user} ${address}`) ? [] : [{ name: `user ${user}`, free: 100, longest: 60 }]),
  ]
  const time = now.getTime()
  const until = Math.max(...limits.map(({ name }) => counts.get(name)?.lockedUntil ?? 0))
  if (until > time) return Math.ceil((until - time) / 1000)
  for (const { name, free, longest } of limits) {
    const known = counts.get(name)
    const failures = (known && known.at > time - day ? known.failures : 0) + 1
    const delay = failures < free ? 0 : Math.min(2 ** (failures - free + 1), longest)
    // Last in, last out: those that are tried now are the last to be dropped.
    counts.delete(name)
    counts.set(name, { failures, at: time, lockedUntil: time + delay * 1000 })
  }
  trim(counts)
  return 0
}

/** Takes back what an attempt counted that turned out right. */
export function succeedAttempt({ user, address }: Attempt): void {
  const { counts, proven } = state()
  counts.delete(`${user} ${address}`)
  const fromAddress = counts.get(`address ${address}`)
  // One success does not pay for other guesses from there: whoever has one password of their own could go on forever.
  if (fromAddress) counts.set(`address ${address}`, { ...fromAddress, failures: fromAddress.failures - 1, lockedUntil: 0 })
  const ofUser = counts.get(`user ${user}`)
  if (ofUser) counts.set(`user ${user}`, { ...ofUser, failures: ofUser.failures - 1, lockedUntil: 0 })
  proven.delete(`${user} ${address}`)
  proven.set(`${user} ${address}`, true)
  trim(proven)
}

const day = 86_400_000
const capacity = 20_000

type Count = Readonly<{ failures: number; at: number; lockedUntil: number }>

function state() {
  return remember('iam.signInLimits', () => ({ counts: new Map<string, Count>(), proven: new Map<string, true>() }))
}

function trim(map: Map<string, unknown>): void {
  for (const name of map.keys()) {
    if (map.size <= capacity) return
    map.delete(name)
  }
}
