import type { z } from 'zod'
import { authorize, decide } from '#lib/iam/authorize'
import { recordEvent, recordTogether, requireRecorded, untilRecorded } from '#lib/cloudtrail/record'
import type { RequestContext } from '#lib/operation/context'
import type { Operation, Recorded, Resolved } from '#lib/operation/define'
import { isAccessDenied, isServiceException, ServiceException, type DecidingStatement } from '#lib/operation/exception'
import { validate } from '#lib/operation/validate'

/**
 * Runs an operation: validate, resolve, authorize, handle, record.
 *
 * Every entrance comes through here (the console's actions, the AWS endpoint, git over HTTP and SSH, one service calling
 * another), so that no operation can run unauthorized, and none, allowed or refused, goes unrecorded. The event is durable
 * before this returns, together with those of the operations that this one ran; if they cannot be made so, the operation
 * fails. An operation within another answers to that one at once, and is durable before the outermost answers.
 *
 * @throws ServiceException — AWS's own for what the caller did wrong; `InternalFailure` (its cause kept inside) otherwise.
 */
export async function invoke<In extends z.ZodType, Subject, Out>(
  operation: Operation<In, Subject, Out>,
  context: RequestContext,
  input: unknown,
): Promise<Out> {
  const made: Out[] = []
  try {
    return await recordTogether(() => run(operation, context, input, made))
  } catch (error) {
    // What a handler has made may be answered only with its events.
    for (const output of made) operation.withdraw?.(output)
    throw asServiceException(error)
  }
}

/** `made` takes what the handler answers, whatever becomes of it. */
async function run<In extends z.ZodType, Subject, Out>(
  operation: Operation<In, Subject, Out>,
  context: RequestContext,
  input: unknown,
  made: Out[],
): Promise<Out> {
  let parsed: z.output<In> | undefined
  let resolved: Resolved<Subject> | undefined
  let output: Out
  try {
    parsed = validate(operation, input)
    resolved = await operation.resolve(context, parsed)
    await authorize(context, resolved.access)
    if (resolved.absent) throw resolved.absent
    output = await operation.handler(context, parsed, resolved.subject)
    made.push(output)
    requireRecorded()
  } catch (error) {
    const exception = asServiceException(error)
    await record(operation, context, parsed, resolved, { exception })
    throw isAccessDenied(exception) && resolved?.refusal ? resolved.refusal : exception
  }
  const recorded = operation.recorded?.(output, parsed, resolved.subject, context) ?? {}
  await record(operation, context, parsed, resolved, { recorded })
  return output
}

/** For handlers: waits until what they have invoked is in the trail to stay (lib/cloudtrail/record.ts). */
export { untilRecorded }

/**
 * Whether `invoke` would be allowed, and by which statements, or by which not: asks policy without running or recording
 * anything. Never a substitute for `invoke`: what it answers may have changed a moment later.
 */
export async function mayInvoke<In extends z.ZodType, Subject, Out>(
  operation: Operation<In, Subject, Out>,
  context: RequestContext,
  input: unknown,
): Promise<Awaited<ReturnType<typeof decide>>> {
  const { access } = await operation.resolve(context, validate(operation, input))
  const decidedBy: DecidingStatement[] = []
  for (const each of access) {
    const decision = await decide(context, each)
    if (decision.decision !== 'Allowed') return decision
    decidedBy.push(...decision.decidedBy)
  }
  return { decision: 'Allowed', decidedBy }
}

type Outcome = Readonly<{ exception?: ServiceException; recorded?: Recorded }>

async function record<In extends z.ZodType, Subject, Out>(
  operation: Operation<In, Subject, Out>,
  context: RequestContext,
  input: z.output<In> | undefined,
  resolved: Resolved<Subject> | undefined,
  { exception, recorded = {} }: Outcome,
): Promise<void> {
  const repositoryId = recorded.repositoryId ?? resolved?.repositoryId
  const requestParameters =
    recorded.requestParameters ?? (input === undefined ? null : operation.requestParameters(input, resolved?.subject))
  await recordEvent({
    context: recorded.principal ? { ...context, principal: recorded.principal } : context,
    eventSource: `${operation.service}.amazonaws.com`,
    eventName: operation.name,
    readOnly: operation.readOnly,
    requestParameters,
    responseElements: recorded.responseElements ?? null,
    resources: recorded.resources ?? resolved?.resources ?? [],
    ...(operation.apiVersion !== undefined && { apiVersion: operation.apiVersion }),
    ...(operation.eventType !== undefined && { eventType: operation.eventType }),
    ...(recorded.errorMessage !== undefined && { errorMessage: recorded.errorMessage }),
    ...(recorded.additionalEventData !== undefined && { additionalEventData: recorded.additionalEventData }),
    ...(recorded.serviceEventDetails !== undefined && { serviceEventDetails: recorded.serviceEventDetails }),
    ...(repositoryId !== undefined && { repositoryId }),
    ...(exception && {
      // CloudTrail writes an authorization refusal without the suffix (aws-facts D.2).
      errorCode: isAccessDenied(exception) ? 'AccessDenied' : exception.name,
      errorMessage: exception.recordedMessage ?? exception.message,
    }),
  })
}

function asServiceException(error: unknown): ServiceException {
  if (isServiceException(error)) return error
  console.error(error)
  return new ServiceException('InternalFailure', 'The request processing has failed because of an unknown error, exception or failure.', {
    fault: 'server',
    cause: error,
  })
}
