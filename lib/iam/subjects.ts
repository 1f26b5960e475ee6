import type { IamGroup, IamUser, IamUserTag } from '#prisma/sqlite/generated/client.ts'
import { db, type Db } from '#lib/db'
import type { RequestContext } from '#lib/operation/context'
import type { Resolved } from '#lib/operation/define'
import { noSuchEntity, noSuchGroup, noSuchUser, validationError } from '#lib/iam/exceptions'

/** An IAM user with what policies may ask about it. */
export type User = IamUser & { tags: IamUserTag[] }

/** Condition keys of one access. */
export type Conditions = Readonly<Record<string, string | readonly string[]>>

/** Whose credentials an operation is about: a user's, or the root user's own. */
export type Owner = Readonly<{ userId: string; userName: string } | { userId: null; userName: null }>

/**
 * Stands for a subject that is not there. `Resolved.absent` is thrown before a handler sees it, so no code ever reads it.
 */
export const absentSubject = null as never

/** Finds a user by name, without regard to case. */
export async function findUser(name: string, database: Db = db()): Promise<User | null> {
  return database.iamUser.findUnique({ where: { nameLower: name.toLowerCase() }, include: { tags: true } })
}

/** What an operation on a named user acts on. Absence is said only once the access to the name is allowed. */
export async function onUser(context: RequestContext, action: string, name: string, conditions?: Conditions): Promise<Resolved<User>> {
  const user = await findUser(name)
  return user ? resolvedUser(action, user, conditions) : absentUser(context, action, name, conditions)
}

/**
 * The same, where AWS takes the caller when no name is given.
 * @throws ServiceException — ValidationError where the caller is not a user and so must name one.
 */
export async function onUserOrCaller(context: RequestContext, action: string, name: string | undefined): Promise<Resolved<User>> {
  if (name !== undefined) return onUser(context, action, name)
  const { principal } = context
  if (principal.type !== 'IAMUser') throw validationError('Must specify userName when calling with non-User credentials')
  const user = await db().iamUser.findUnique({ where: { id: principal.principalId }, include: { tags: true } })
  return user ? resolvedUser(action, user) : absentUser(context, action, principal.userName)
}

/** The same for credentials that the root user has too: with no name, root's operations are on its own. */
export async function onOwner(context: RequestContext, action: string, name: string | undefined): Promise<Resolved<Owner>> {
  if (name === undefined && context.principal.type === 'Root') {
    const { arn } = context.principal
    return { access: [{ action: `iam:${action}`, resource: arn }], subject: { userId: null, userName: null } }
  }
  const resolved = await onUserOrCaller(context, action, name)
  if (resolved.absent) return { ...resolved, subject: absentSubject }
  return { ...resolved, subject: { userId: resolved.subject.id, userName: resolved.subject.name } }
}

/** What an operation on a named group acts on. */
export async function onGroup(context: RequestContext, action: string, name: string, conditions: Conditions = {}): Promise<Resolved<IamGroup>> {
  const group = await db().iamGroup.findUnique({ where: { nameLower: name.toLowerCase() } })
  const resource = group?.arn ?? groupArn(context.accountId, '/', name)
  return {
    access: [{ action: `iam:${action}`, resource, conditions }],
    subject: group ?? absentSubject,
    resources: [{ type: 'AWS::IAM::Group', arn: resource }],
    ...(!group && { absent: noSuchGroup(name) }),
  }
}

/** What a list of everything acts on. */
export function onEverything(action: string): Resolved<null> {
  return { access: [{ action: `iam:${action}`, resource: '*' }], subject: null }
}

export function userArn(accountId: string, path: string, name: string): string {
  return `arn:aws:iam::${accountId}:user${path}${name}`
}

export function groupArn(accountId: string, path: string, name: string): string {
  return `arn:aws:iam::${accountId}:group${path}${name}`
}

/** `aws:RequestTag/<key>` and `aws:TagKeys` of the tags that a request sets. */
export function requestTagConditions(tags: readonly { Key: string; Value: string }[]): Conditions {
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    ...(tags.length > 0 && { 'aws:TagKeys': tags.map(({ Key }) => Key) }),
  }
}

/**
 * The row of an entity that the resolver saw and somebody deleted before the handler came to it, as AWS answers it.
 * Any other failure is left as it is.
 */
export async function whileThere<Result>(work: Promise<Result>, name: string): Promise<Result> {
  try {
    return await work
  } catch (error) {
    // P2003: a foreign key to a row that is gone; P2025: the row to update or delete is.
    if (error instanceof Error && 'code' in error && (error.code === 'P2003' || error.code === 'P2025')) {
      throw noSuchEntity(`The entity ${name} cannot be found.`)
    }
    throw error
  }
}

function resolvedUser(action: string, user: User, conditions?: Conditions): Resolved<User> {
  const tags = Object.fromEntries(
    user.tags.flatMap(({ tagKey, tagValue }) => [
      [`aws:ResourceTag/${tagKey}`, tagValue],
      [`iam:ResourceTag/${tagKey}`, tagValue],
    ]),
  )
  return {
    access: [{ action: `iam:${action}`, resource: user.arn, conditions: { ...tags, ...conditions } }],
    subject: user,
    resources: [{ type: 'AWS::IAM::User', arn: user.arn }],
  }
}

function absentUser(context: RequestContext, action: string, name: string, conditions: Conditions = {}): Resolved<User> {
  const resource = userArn(context.accountId, '/', name)
  return {
    access: [{ action: `iam:${action}`, resource, conditions }],
    subject: absentSubject,
    resources: [{ type: 'AWS::IAM::User', arn: resource }],
    absent: noSuchUser(name),
  }
}
