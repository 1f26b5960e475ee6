import { ServiceException } from '#lib/operation/exception'

/** A place in a text, counted from 1 as editors do; columns in UTF-16 units. */
export type TextPosition = Readonly<{ line: number; column: number }>

/**
 * `MalformedPolicyDocument` with the place of the fault: what the console's editor marks and the message says.
 *
 * The name is IAM's. KMS calls the same fault MalformedPolicyDocumentException; PutKeyPolicy throws it anew under that name.
 */
export class MalformedPolicyDocument extends ServiceException {
  readonly position: TextPosition
  /** JSON path of the faulty element: `Statement[1].Condition.StringEquals`; empty at the root or in broken JSON. */
  readonly path: string

  constructor(message: string, position: TextPosition, path: string) {
    const place = `line ${String(position.line)}, column ${String(position.column)}`
    super('MalformedPolicyDocument', `${message} (${path === '' ? place : `${path}, ${place}`})`)
    this.position = position
    this.path = path
  }
}

/** True for a {@link MalformedPolicyDocument} of any copy of this module. */
export function isMalformedPolicyDocument(error: unknown): error is MalformedPolicyDocument {
  return error instanceof Error && error.name === 'MalformedPolicyDocument' && 'position' in error && 'path' in error
}
