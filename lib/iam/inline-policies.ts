import { db, transaction, type Db } from '#lib/db'
import { limitExceeded, noSuchEntity } from '#lib/iam/exceptions'
import { forgetIdentityPolicies } from '#lib/iam/identity-policies'
import { listPage, type ListEnd } from '#lib/iam/pages'
import { parsePolicyDocument, policySize } from '#lib/iam/policy/document'
import { whileThere } from '#lib/iam/subjects'

/** What policies are put on: a user, or a group. */
export type Holder = Readonly<{ kind: 'user' | 'group'; id: string; name: string }>

/** Characters without white space that all inline policies of one holder may have together (F.1). */
export const inlinePolicyQuota = { user: 2048, group: 5120 } as const

/**
 * Adds an inline policy, or puts it in place of the one of that name.
 * @throws ServiceException — MalformedPolicyDocument with the place; LimitExceeded where all inline policies would be too long.
 */
export async function putInlinePolicy(holder: Holder, name: string, document: string): Promise<void> {
  parsePolicyDocument(document, 'identity')
  const quota = inlinePolicyQuota[holder.kind]
  await whileThere(
    transaction(async (tx) => {
      const others = (await inlinePolicies(tx, holder)).filter((policy) => policy.name !== name)
      const size = [document, ...others.map((policy) => policy.document)].reduce((sum, text) => sum + policySize(text), 0)
      if (size > quota) throw limitExceeded(`Maximum policy size of ${quota} bytes exceeded for ${holder.kind} ${holder.name}`)
      if (holder.kind === 'user') {
        const row = { userId: holder.id, name }
        await tx.userInlinePolicy.upsert({ where: { userId_name: row }, create: { ...row, document }, update: { document } })
      } else {
        const row = { groupId: holder.id, name }
        await tx.groupInlinePolicy.upsert({ where: { groupId_name: row }, create: { ...row, document }, update: { document } })
      }
    }),
    holder.name,
  )
  forgetPoliciesOf(holder)
}

/** @throws ServiceException — NoSuchEntity. */
export async function getInlinePolicy(holder: Holder, name: string): Promise<string> {
  const policy =
    holder.kind === 'user'
      ? await db().userInlinePolicy.findUnique({ where: { userId_name: { userId: holder.id, name } } })
      : await db().groupInlinePolicy.findUnique({ where: { groupId_name: { groupId: holder.id, name } } })
  if (!policy) throw noSuchInlinePolicy(holder, name)
  return policy.document
}

/** @throws ServiceException — NoSuchEntity. */
export async function deleteInlinePolicy(holder: Holder, name: string): Promise<void> {
  const deleted =
    holder.kind === 'user'
      ? await db().userInlinePolicy.deleteMany({ where: { userId: holder.id, name } })
      : await db().groupInlinePolicy.deleteMany({ where: { groupId: holder.id, name } })
  forgetPoliciesOf(holder)
  if (deleted.count === 0) throw noSuchInlinePolicy(holder, name)
}

/** One page of the names, in their order. */
export async function listInlinePolicies(
  holder: Holder,
  paging: { Marker?: string | undefined; MaxItems: number },
): Promise<{ PolicyNames: string[] } & ListEnd> {
  const page = await listPage(
    `inline policies of ${holder.id}`,
    paging,
    (after, take) => inlinePolicies(db(), holder, { ...(after !== undefined && { after }), take }),
    (policy) => policy.name,
  )
  return { PolicyNames: page.items.map((policy) => policy.name), ...page.end }
}

/** Drops what memory knows of the policies of a user, or of whoever is in a group. */
export function forgetPoliciesOf(holder: Holder): void {
  if (holder.kind === 'user') forgetIdentityPolicies(holder.id)
  else forgetIdentityPolicies()
}

async function inlinePolicies(
  database: Db,
  holder: Holder,
  page: { after?: string; take?: number } = {},
): Promise<{ name: string; document: string }[]> {
  const place = { ...(page.after !== undefined && { name: { gt: page.after } }) }
  const rest = { orderBy: { name: 'asc' }, ...(page.take !== undefined && { take: page.take }) } as const
  return holder.kind === 'user'
    ? database.userInlinePolicy.findMany({ where: { userId: holder.id, ...place }, ...rest })
    : database.groupInlinePolicy.findMany({ where: { groupId: holder.id, ...place }, ...rest })
}

function noSuchInlinePolicy(holder: Holder, name: string) {
  return noSuchEntity(`The ${holder.kind} policy with name ${name} cannot be found.`)
}
