import type { z } from 'zod'
import type { Principal, RequestContext } from './context.ts'
import type { ServiceException } from './exception.ts'

/** The services whose operations exist, by their IAM prefix. */
export type ServiceName = 'kms' | 'iam' | 'sts' | 'codecommit' | 'cloudtrail' | 'signin'

/** One thing that IAM must allow before an operation runs. */
export type Access = Readonly<{
  /** IAM action: `kms:Encrypt`. Not always the operation's name: ReEncrypt asks for ReEncryptFrom and ReEncryptTo. */
  action: string
  /** ARN of what is acted on, or `*`. */
  resource: string
  /**
   * The resource's own policy (a key policy), a JSON document. When present it governs as KMS's does: it must allow the
   * principal, or delegate to the account (`:root`), and only then does an IAM policy's Allow count; root included.
   */
  resourcePolicy?: string
  /** Condition keys of this access beside the global ones: `kms:EncryptionContext:<key>`, `codecommit:References`. */
  conditions?: Readonly<Record<string, string | readonly string[]>>
  /** Only an explicit Deny counts: for actions that no policy can be expected to allow, such as bare `kms:ReEncrypt`. */
  denyOnly?: true
  /** Nothing can refuse it, as AWS documents for sts:GetCallerIdentity. */
  unconditional?: true
}>

/** A resource that an event names (CloudTrail `resources`). */
export type EventResource = Readonly<{ type: string; arn: string }>

/** What an operation acts on, found before anything is decided. */
export type Resolved<Subject> = Readonly<{
  access: readonly Access[]
  /** Handed to the handler: one look-up, no gap between check and use. */
  subject: Subject
  /** What the event names. Default: none. */
  resources?: readonly EventResource[]
  /** Thrown once every access is allowed: what may not be known to exist is authorized before it is said to be absent. */
  absent?: ServiceException
  /** The repository that the event is found by, where the operation acts on one. */
  repositoryId?: string
  /** Thrown in place of AccessDenied where AWS hides existence behind another wording (Decrypt without KeyId). */
  refusal?: ServiceException
}>

/** What the trail keeps beside the input. Never plaintext, a key or a secret. */
export type Recorded = Readonly<{
  responseElements?: unknown
  additionalEventData?: unknown
  serviceEventDetails?: unknown
  /** Resources that only exist once the handler has run (a created key). */
  resources?: readonly EventResource[]
  /** The repository that the event is found by, where it only exists once the handler has run. */
  repositoryId?: string
  /** Where request parameters are only known once the handler has run (a push's references). */
  requestParameters?: unknown
  /** Who it turned out to be, where that is what the operation finds out (ConsoleLogin). Default: the context's principal. */
  principal?: Principal
  /** What an operation that answers has refused all the same: `Failed authentication`. */
  errorMessage?: string
}>

/** One operation of a service's API, named and shaped as AWS documents it. */
export type Operation<In extends z.ZodType = z.ZodType, Subject = unknown, Out = unknown> = Readonly<{
  service: ServiceName
  /** PascalCase, as on the wire: `Encrypt`. */
  name: string
  /** CloudTrail's readOnly: true for Encrypt, Decrypt, GenerateDataKey and all Get and List. */
  readOnly: boolean
  /** Absent from the event: GitPull and GitPush carry no apiVersion. */
  apiVersion?: string
  /** CloudTrail's eventType, where it is not AwsApiCall: AwsConsoleSignIn. */
  eventType?: string
  /** Unknown members are ignored, as AWS does (`z.object`). */
  input: In
  /** Finds what the operation acts on, and says what IAM must allow for it. */
  resolve: (context: RequestContext, input: z.output<In>) => Resolved<Subject> | Promise<Resolved<Subject>>
  /** Runs only when every access is allowed. */
  handler: (context: RequestContext, input: z.output<In>, subject: Subject) => Out | Promise<Out>
  /** Undoes an answer that may not be given, because its event could not be stored: ends what it holds open. */
  withdraw?: (output: Out) => void
  /** What CloudTrail may keep of the input (lowerCamel members); null where AWS keeps none. Never plaintext or a secret. */
  requestParameters: (input: z.output<In>, subject: Subject | undefined) => unknown
  /** What CloudTrail may keep of the answer. Default: nothing (`responseElements: null`). */
  recorded?: (output: Out, input: z.output<In>, subject: Subject, context: RequestContext) => Recorded
  /** The member that names a validation failure's exception, where the service has its own (CodeCommit). */
  invalid?: (issue: ValidationIssue, input: unknown) => ServiceException
}>

/** The first thing wrong with an input, in the terms of zod's issue. */
export type ValidationIssue = Readonly<{ path: readonly PropertyKey[]; code: string; message: string; input?: unknown }>

/** Declares an operation; the types of input, subject and output flow through. */
export function defineOperation<In extends z.ZodType, Subject, Out>(
  operation: Operation<In, Subject, Out>,
): Operation<In, Subject, Out> {
  return operation
}

/** An operation whose types are forgotten: what a dispatch table holds. */
// A table of operations with different inputs needs one type; `invoke` validates before anything typed runs.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyOperation = Operation<any, any, any>
