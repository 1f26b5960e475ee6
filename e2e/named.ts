import { randomBytes } from 'node:crypto'

/** A name that no other test has: one server is shared by all. */
export function named(noun: string): string {
  return `${noun}-${randomBytes(4).toString('hex')}`
}
