import { accountId } from '#lib/account'
import type { RequestContext } from '#lib/operation/context'

/** A request of the account's root user, in us-east-2. */
export function rootContext(overrides: Partial<RequestContext> = {}): RequestContext {
  const id = accountId()
  return {
    ...request(id),
    principal: { type: 'Root', accountId: id, arn: `arn:aws:iam::${id}:root`, principalId: id },
    ...overrides,
  }
}

/** A request of an IAM user, in us-east-2. `user` is a row of IamUser, or the three members of it that identify one. */
export function userContext(
  user: Readonly<{ id: string; name: string; arn: string }>,
  overrides: Partial<RequestContext> = {},
): RequestContext {
  const id = accountId()
  return {
    ...request(id),
    principal: { type: 'IAMUser', accountId: id, arn: user.arn, principalId: user.id, userName: user.name },
    ...overrides,
  }
}

function request(account: string): Omit<RequestContext, 'principal'> {
  return {
    region: 'us-east-2',
    accountId: account,
    requestId: crypto.randomUUID(),
    sourceIPAddress: '198.51.100.7',
    userAgent: 'test/1.0',
    time: new Date(),
    secureTransport: true,
    calledVia: [],
  }
}
