/** Who calls: authenticated before any operation runs. */
export type Principal =
  | Readonly<{
      type: 'Root'
      accountId: string
      /** `arn:aws:iam::<account>:root` */
      arn: string
      /** The account ID, as in CloudTrail. */
      principalId: string
      accessKeyId?: string
    }>
  | Readonly<{
      type: 'IAMUser'
      accountId: string
      /** `arn:aws:iam::<account>:user<path><name>` */
      arn: string
      /** `AIDA…` */
      principalId: string
      userName: string
      accessKeyId?: string
    }>
  | Readonly<{
      /** Work with no caller behind it: rotation, deletion at the end of the window, folding. */
      type: 'AWSService'
      accountId: string
      /** `codecommit.amazonaws.com` */
      invokedBy: string
    }>
  | Readonly<{
      /** Nobody yet: an attempt to sign in. Nothing but what is `unconditional` is open to it. */
      type: 'Anonymous'
      accountId: string
      /** The name that was given, or `HIDDEN_DUE_TO_SECURITY_REASONS` where no user has it. */
      userName: string
    }>

/** Everything about one request that is not its input. Plain data, so that it crosses module copies. */
export type RequestContext = Readonly<{
  principal: Principal
  /** The Region of the credential scope, the URL or the console's chooser. */
  region: string
  accountId: string
  requestId: string
  sourceIPAddress: string
  userAgent: string
  /** When the request was received. */
  time: Date
  secureTransport: boolean
  /** Set by a console session: CloudTrail's sessionContext, aws:MultiFactorAuthPresent. */
  session?: Readonly<{ creationDate: Date; mfaAuthenticated: boolean }>
  /** Services that call on the principal's behalf, outermost first: `['codecommit.amazonaws.com']`. */
  calledVia: readonly string[]
}>

/**
 * The context of a service that calls another on the caller's behalf (AWS's forward access session): the same
 * principal, and `kms:ViaService`, `aws:CalledVia`, `invokedBy` say who really calls.
 */
export function asService(context: RequestContext, service: string): RequestContext {
  const host = `${service}.amazonaws.com`
  return { ...context, sourceIPAddress: host, userAgent: host, calledVia: [...context.calledVia, host] }
}

/** The context of work that a service does by itself. */
export function serviceContext(service: string, place: { accountId: string; region: string }): RequestContext {
  const host = `${service}.amazonaws.com`
  return {
    principal: { type: 'AWSService', accountId: place.accountId, invokedBy: host },
    region: place.region,
    accountId: place.accountId,
    requestId: crypto.randomUUID(),
    sourceIPAddress: host,
    userAgent: host,
    time: new Date(),
    secureTransport: true,
    calledVia: [host],
  }
}
