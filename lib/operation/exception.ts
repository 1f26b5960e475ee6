/**
 * What a service answers when it refuses: AWS's exception name, its message, and whose fault it is.
 *
 * `name` is the code on the wire (`NotFoundException`). The query protocol (IAM, STS) uses codes without the suffix
 * (`NoSuchEntity`) and an HTTP status of its own, so both are said here by whoever throws.
 */
export class ServiceException extends Error {
  override readonly name: string
  readonly fault: 'client' | 'server'
  /** HTTP status on the wire. AWS JSON 1.1 services answer every client error with 400. */
  readonly httpStatus: number
  /** The error text that the trail keeps, where `message` holds repository data (a branch, a path); else `message`. */
  readonly recordedMessage: string | undefined
  /** Members beside `message` that AWS documents for this exception; sent on the wire, not recorded. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    name: string,
    message = '',
    options: {
      fault?: 'client' | 'server'
      httpStatus?: number
      recordedMessage?: string
      details?: Record<string, unknown>
      cause?: unknown
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = name
    this.fault = options.fault ?? 'client'
    this.httpStatus = options.httpStatus ?? (this.fault === 'client' ? 400 : 500)
    this.recordedMessage = options.recordedMessage
    this.details = options.details ?? {}
  }
}

/**
 * True for a ServiceException of any copy of this module: the server, the route graph and the page graph each have their
 * own class, so `instanceof` would miss two of three.
 */
export function isServiceException(error: unknown): error is ServiceException {
  return error instanceof Error && 'fault' in error && 'httpStatus' in error && 'details' in error
}

/** The statement that decided a refusal, as the console and git's user are told it. */
export type DecidingStatement = Readonly<{
  /** Whose policy: the user's, a group's, the resource's. */
  source: 'identity-policy' | 'group-policy' | 'resource-policy'
  /** The policy's name, or its ARN for a managed one; `key policy` for a KMS key's. */
  policy: string
  /** Name of the user or group the policy is attached to, or the resource's ARN. */
  attachedTo: string
  /** The statement's Sid, or its position (`Statement 2`) where it has none. */
  statement: string
  /** The statement's place in the policy's Statement list, from 0. */
  index: number
  effect: 'Allow' | 'Deny'
}>

/** `AccessDeniedException` with what was refused, on what, and why. Details stay inside: the wire gets `message`. */
export class AccessDenied extends ServiceException {
  readonly action: string
  readonly resource: string
  readonly decidedBy: readonly DecidingStatement[]

  constructor(message: string, refusal: { action: string; resource: string; decidedBy: readonly DecidingStatement[] }) {
    super('AccessDeniedException', message)
    this.action = refusal.action
    this.resource = refusal.resource
    this.decidedBy = refusal.decidedBy
  }
}

/** True for an {@link AccessDenied} of any copy of this module. */
export function isAccessDenied(error: unknown): error is AccessDenied {
  return isServiceException(error) && 'decidedBy' in error
}

/** AWS's `ValidationException` in the wording its JSON services share. */
export function validationException(message: string): ServiceException {
  return new ServiceException('ValidationException', message)
}
