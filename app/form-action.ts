import { refresh } from 'next/cache'
import { unstable_rethrow } from 'next/navigation'
import type { Action, ActionState } from '#components/console/action-state.ts'
import { isServiceException } from '#lib/operation/exception'
import { answered, formOf, type Sent } from './posted.ts'
import { problemOf } from './problem.ts'
import { firstToDo, requestContext, type ConsoleContext } from './session.ts'

type Done = Omit<Extract<ActionState, { outcome: 'done' }>, 'outcome'>

/**
 * Makes a server action of an operation: who asks is found anew, the form is read, the operation runs, and what it answers
 * or why it refuses goes back as plain data. The form's hidden `region` says where; without one it is IAM's.
 *
 * `fields` says which field an exception is about, where its message does not (`{ EntityAlreadyExists: 'UserName' }`).
 */
export function formAction(
  run: (context: ConsoleContext, form: FormData) => Promise<Done>,
  fields: Readonly<Record<string, string>> = {},
): Action {
  return actionOf(run, fields, { changes: true })
}

/** The same for what changes nothing: the page is not drawn again. */
export function questionAction(run: (context: ConsoleContext, form: FormData) => Promise<Done>, fields: Readonly<Record<string, string>> = {}): Action {
  return actionOf(run, fields, { changes: false })
}

function actionOf(run: (context: ConsoleContext, form: FormData) => Promise<Done>, fields: Readonly<Record<string, string>>, { changes }: { changes: boolean }): Action {
  return async (...sent: Sent) => {
    const form = formOf(sent)
    // To a script not by redirect(): Next would fetch the page from this server, whose certificate it does not know.
    const elsewhere = await firstToDo()
    if (elsewhere !== undefined) return answered({ outcome: 'done', to: elsewhere })
    const context = await requestContext(optionalText(form, 'region'))
    try {
      const done = await run(context, form)
      // A page that is left is not drawn again; one that stays shows what has changed.
      if (changes && done.to === undefined) refresh()
      return await answered({ outcome: 'done', ...done })
    } catch (error) {
      unstable_rethrow(error)
      const problem = problemOf(error)
      return { outcome: 'refused', problem, fields: fieldErrors(error, problem.message, form, fields) }
    }
  }
}

/** A text field; empty where the form has none. */
export function text(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

/** A text field; undefined where it was left empty. */
export function optionalText(form: FormData, name: string): string | undefined {
  return text(form, name) || undefined
}

/** All values of a field that may be there more than once. */
export function texts(form: FormData, name: string): string[] {
  return form.getAll(name).filter((value) => typeof value === 'string')
}

function fieldErrors(error: unknown, message: string, form: FormData, fields: Readonly<Record<string, string>>): Record<string, string> {
  if (!isServiceException(error)) return {}
  const field = fields[error.name] ?? fieldOf(error.name, error.message, [...form.keys()])
  return field === undefined ? {} : { [field]: readable(message) }
}

/** The field that AWS's wording names: `… at 'userName' failed …`, `InvalidRepositoryNameException`. */
function fieldOf(code: string, message: string, names: readonly string[]): string | undefined {
  const named = / at '([A-Za-z]+)[^']*' failed/.exec(message)?.[1] ?? /^The specified value for ([A-Za-z]+) is invalid/.exec(message)?.[1] ?? /^(?:Invalid)?([A-Za-z]+?)(?:Required)?Exception$/.exec(code)?.[1]
  return names.find((name) => name.toLowerCase() === named?.toLowerCase())
}

/** What was asked of the value, without the preamble that only a program needs. */
function readable(message: string): string {
  const constraint = /^\d+ validation errors? detected: Value (.*) at '[^']+' failed to satisfy constraint: (Member must .*)$/s.exec(message)
  if (!constraint) return message
  const [, , must = ''] = constraint
  return must.startsWith('Member must not be null') ? 'Fill this in.' : must.replace('Member must', 'It must')
}
