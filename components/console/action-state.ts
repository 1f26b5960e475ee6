import type { DecidingStatement } from '#lib/operation/exception'

/** Why something was not done, as plain data: what happened, why, and what to do. */
export type Problem = Readonly<{
  /** AWS's exception name; empty where it is none of a service's. */
  code: string
  message: string
  /** What policy refused, where it was policy. */
  refusal?: Readonly<{ action: string; resource: string; decidedBy: readonly DecidingStatement[] }>
  /** What can be done about it. */
  advice?: string
}>

/** What is shown once and never again: it is in the answer to the action that made it, and nowhere else. */
export type Secret = Readonly<{
  title: string
  description: string
  items: readonly (readonly [name: string, value: string])[]
  /** The same as a file to keep. */
  file?: Readonly<{ name: string; text: string }>
}>

/** What an action answers. It goes to the browser and never comes back. */
export type ActionState =
  | Readonly<{
      outcome: 'done'
      /** Said in a toast. */
      message?: string
      /** Where to go next. */
      to?: string
      secret?: Secret
      /** Values for the form to show (a ciphertext, a plaintext of one's own). */
      answer?: Readonly<Record<string, string>>
    }>
  | Readonly<{
      outcome: 'refused'
      problem: Problem
      /** What is wrong with single fields, by their names. */
      fields: Readonly<Record<string, string>>
    }>

/** A server action as forms call it. */
export type Action = (form: FormData) => Promise<ActionState>

/** What a form may be given in place of one; `begun`: it goes on elsewhere (useAct), and the form has nothing to wait for. */
export type FormAction = (form: FormData) => Promise<ActionState | Readonly<{ outcome: 'begun' }>>
