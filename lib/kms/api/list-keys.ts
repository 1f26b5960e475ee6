import { z } from 'zod'
import { db } from '#lib/db'
import { defineOperation } from '#lib/operation/define'
import { afterMarker, kmsPage, limit, Marker } from '#lib/kms/members'

/** Keys by ID: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html */
export const ListKeys = defineOperation({
  service: 'kms',
  name: 'ListKeys',
  readOnly: true,
  input: z.object({ Limit: limit(1000).default(100), Marker: Marker.optional() }),
  resolve: () => ({ subject: undefined, access: [{ action: 'kms:ListKeys', resource: '*' }] }),
  handler: async ({ accountId, region }, { Limit, Marker }) => {
    const rows = await db().kmsKey.findMany({
      where: { accountId, region, id: { gt: afterMarker('keys', Marker) ?? '' } },
      orderBy: { id: 'asc' },
      take: Limit + 1,
      select: { id: true, arn: true },
    })
    return kmsPage('keys', 'Keys', rows, Limit, ({ id }) => id, ({ id, arn }) => ({ KeyId: id, KeyArn: arn }))
  },
  requestParameters: ({ Limit, Marker }) => ({ limit: Limit, marker: Marker }),
})
