import { removeDoomed } from '#lib/codecommit/storage/sweep'
import type { Chore } from './chores.ts'

/** What the process does by itself while it runs. */
export const chores: readonly Chore[] = [
  { name: 'removing stored objects whose time has come', everySeconds: 60, run: () => removeDoomed(new Date()) },
]
