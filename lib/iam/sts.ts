import { z } from 'zod'
import { db } from '#lib/db'
import { invalid } from '#lib/iam/members'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'

/** Who calls. Nothing can refuse it, as AWS documents. */
export const GetCallerIdentity = defineOperation({
  service: 'sts',
  name: 'GetCallerIdentity',
  readOnly: true,
  input: z.object({}),
  resolve: () => ({ access: [{ action: 'sts:GetCallerIdentity', resource: '*', unconditional: true }], subject: null }),
  handler: ({ principal, accountId }) => {
    if (principal.type !== 'Root' && principal.type !== 'IAMUser') {
      throw new ServiceException('AccessDenied', 'The caller has no identity in this account.', { httpStatus: 403 })
    }
    return { UserId: principal.principalId, Account: accountId, Arn: principal.arn }
  },
  requestParameters: () => null,
  invalid,
})

/** The account that an access key belongs to, whether it is active or not. */
export const GetAccessKeyInfo = defineOperation({
  service: 'sts',
  name: 'GetAccessKeyInfo',
  readOnly: true,
  input: z.object({ AccessKeyId: z.string().min(16).max(128).regex(/^\w*$/) }),
  resolve: () => ({ access: [{ action: 'sts:GetAccessKeyInfo', resource: '*' }], subject: null }),
  handler: async ({ accountId }, { AccessKeyId }) => {
    if ((await db().accessKey.count({ where: { id: AccessKeyId } })) === 0) {
      throw new ServiceException('ValidationError', 'Invalid AccessKeyId')
    }
    return { Account: accountId }
  },
  requestParameters: ({ AccessKeyId }) => ({ accessKeyId: AccessKeyId }),
  invalid,
})
