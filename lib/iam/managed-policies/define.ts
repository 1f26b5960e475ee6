import { createHash } from 'node:crypto'

/** A policy that AWS manages: the same in every account, attached by ARN, changed by nobody. */
export type AwsManagedPolicy = Readonly<{
  /** `arn:aws:iam::aws:policy<path><name>` */
  arn: string
  name: string
  path: string
  /** `ANPA…` */
  policyId: string
  description: string
  defaultVersionId: string
  createDate: Date
  /** When the default version was published. */
  updateDate: Date
  /** The default version, JSON as GetPolicyVersion gives it. */
  document: string
}>

/** A statement as it stands in a document. */
export type StatementText = Readonly<{
  Sid?: string
  Effect: 'Allow'
  Action: string | readonly string[]
  Resource: string | readonly string[]
  Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>
}>

/** Declares a policy of AWS. Where AWS's own policy ID is not known, one is derived from the ARN, so that it never changes. */
export function awsManagedPolicy(policy: {
  name: string
  path?: string
  policyId?: string
  description: string
  version: string
  created: string
  updated?: string
  statements: readonly StatementText[]
}): AwsManagedPolicy {
  const { name, path = '/', description, version, created, updated = created, statements } = policy
  const arn = `arn:aws:iam::aws:policy${path}${name}`
  return {
    arn,
    name,
    path,
    policyId: policy.policyId ?? derivedId(arn),
    description,
    defaultVersionId: version,
    createDate: new Date(created),
    updateDate: new Date(updated),
    document: JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 4),
  }
}

/** A statement that allows actions of a service (`codecommit`, `Get*`) on resources. */
export function allow(
  actions: Readonly<Record<string, readonly string[]>>,
  resource: string | readonly string[] = '*',
  more: Readonly<{ sid?: string; condition?: StatementText['Condition'] }> = {},
): StatementText {
  return {
    ...(more.sid === undefined ? {} : { Sid: more.sid }),
    Effect: 'Allow',
    Action: Object.entries(actions).flatMap(([service, names]) => names.map((name) => `${service}:${name}`)),
    Resource: resource,
    ...(more.condition === undefined ? {} : { Condition: more.condition }),
  }
}

function derivedId(arn: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bytes = createHash('sha256').update(arn).digest().subarray(0, 17)
  return `ANPA${Array.from(bytes, (byte) => alphabet[byte % 32] ?? 'A').join('')}`
}
