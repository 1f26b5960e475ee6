import { ListUsers } from '#lib/iam/api'
import { listPage, type ListQuery } from '../../../list-page.ts'
import type { ConsoleContext } from '../../../session.ts'

/** The users of the account by name, a page of them. */
export function userRows(context: ConsoleContext, { token }: ListQuery<never>) {
  return listPage(ListUsers, context, { Marker: token, MaxItems: 100 }, ({ Users, Marker }) => ({
    rows: Users.map((user) => ({
      name: user.UserName,
      arn: user.Arn,
      path: user.Path,
      created: user.CreateDate.toISOString(),
      passwordLastUsed: user.PasswordLastUsed?.toISOString(),
    })),
    next: Marker,
  }))
}
