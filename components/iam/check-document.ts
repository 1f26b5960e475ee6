import type { Action, ActionState } from '#components/console/action-state.ts'

/** Whose policy it is, for the warning before somebody locks themselves out. */
export type EditedPolicy = Readonly<{ source: 'identity-policy' | 'group-policy' | 'resource-policy'; policy: string; attachedTo: string }>

/** What whoever saves a document would lose by it. */
export type Losses = Readonly<{
  warnings: readonly string[]
  /** They could not take it back. */
  lockout: boolean
  /** KMS refuses to save it, unless its lockout safety check is passed over. */
  refusedByKms: boolean
}>

export const nothingLost: Losses = { warnings: [], lockout: false, refusedByKms: false }

/** Asks the parser that decides in earnest, and what would be lost; `state` is its whole answer, refused or not. */
export async function checkDocument(ask: Action, document: string, kind: 'identity' | 'resource', edited: EditedPolicy | undefined): Promise<Losses & { state: ActionState }> {
  const form = new FormData()
  form.set('document', document)
  form.set('kind', kind)
  if (edited) for (const [name, value] of Object.entries(edited)) form.set(name, value)
  const state = await ask(form)
  return { ...lossesOf(state), state }
}

/** What an answer says would be lost. */
export function lossesOf(state: ActionState): Losses {
  if (state.outcome === 'refused') return nothingLost
  const { warnings = '', lockout, refusedByKms } = state.answer ?? {}
  return { warnings: warnings.split('\n').filter((line) => line !== ''), lockout: lockout === 'true', refusedByKms: refusedByKms === 'true' }
}

/** What a new policy would be put in the place of: its document, or why it cannot be known. */
export type Replaced = Readonly<{ document?: string; unreadable?: string }>
