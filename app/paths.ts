/**
 * Every URL of the console, as a function. A page of a Region carries it (`?region=us-east-2`), so that a copied link
 * opens what was seen; IAM is global and carries none.
 */
export const paths = {
  home: () => '/console',
  signIn: (next?: string) => withQuery('/sign-in', { next }),
  signInAsRoot: (next?: string) => withQuery('/sign-in', { root: '1', next }),
  changePassword: (next?: string) => withQuery('/change-password', { next }),
  /** The link that the server prints at a first start carries its token. */
  setUp: (token?: string) => withQuery('/set-up', { token }),
  /** Where a browser that runs no scripts says so, and is led back from. */
  withoutScripts: (next?: string) => withQuery('/without-scripts', { next }),
  design: () => '/design',

  repositories: (region: string, query: { token?: string; filter?: string } = {}) =>
    withQuery('/codecommit/repositories', { region, filter: query.filter, token: query.token }),
  createRepository: (region: string) => withQuery('/codecommit/repositories/create', { region }),
  createImport: (region: string) => withQuery('/codecommit/imports/create', { region }),
  import: (region: string, importId: string) => withQuery(`/codecommit/imports/${segment(importId)}`, { region }),
  /** What the page of an import asks for again and again: JSON. */
  importStatus: (region: string, importId: string) => withQuery(`/codecommit/imports/${segment(importId)}/status`, { region }),
  /** The repository as a git bundle. */
  bundle: (region: string, name: string) => withQuery(`/codecommit/repositories/${segment(name)}/bundle`, { region }),
  repository: (region: string, name: string, query: { ref?: string } = {}) =>
    withQuery(`/codecommit/repositories/${segment(name)}`, { region, ref: query.ref }),
  /** A file or folder of a repository at a branch, tag or commit; `path` without a leading slash. `plain`: Markdown as its source. */
  browse: (region: string, name: string, path: string, query: { ref?: string; plain?: '1' } = {}) =>
    withQuery(`/codecommit/repositories/${segment(name)}/browse${path === '' ? '' : `/${segments(path)}`}`, { region, ref: query.ref, plain: query.plain }),
  /** Which commit each line of a file came in with. */
  blame: (region: string, name: string, path: string, query: { ref?: string } = {}) =>
    withQuery(`/codecommit/repositories/${segment(name)}/blame/${segments(path)}`, { region, ref: query.ref }),
  /** A file's bytes alone; `download`: to keep. */
  raw: (region: string, name: string, path: string, query: { ref?: string; download?: '1' } = {}) =>
    withQuery(`/codecommit/repositories/${segment(name)}/raw/${segments(path)}`, { region, ref: query.ref, download: query.download }),
  findFile: (region: string, name: string, query: { ref?: string } = {}) => withQuery(`/codecommit/repositories/${segment(name)}/find`, { region, ref: query.ref }),
  searchFiles: (region: string, name: string, query: { ref?: string; text?: string; regexp?: '1'; case?: '1' } = {}) =>
    withQuery(`/codecommit/repositories/${segment(name)}/search`, { region, ref: query.ref, text: query.text, regexp: query.regexp, case: query.case }),
  /** The history of a branch, or with `path` that of one file or folder. */
  commits: (region: string, name: string, query: { ref?: string; path?: string; token?: string | undefined } = {}) =>
    withQuery(`/codecommit/repositories/${segment(name)}/commits`, { region, ref: query.ref, path: query.path, token: query.token }),
  commit: (region: string, name: string, commitId: string, query: DiffQuery = {}) =>
    withQuery(`/codecommit/repositories/${segment(name)}/commits/${segment(commitId)}`, { region, view: query.view, space: query.space, file: query.file }),
  /** What `source` has that `destination` has not. */
  compare: (region: string, name: string, query: { source?: string; destination?: string } & DiffQuery = {}) =>
    withQuery(`/codecommit/repositories/${segment(name)}/compare`, { region, destination: query.destination, source: query.source, view: query.view, space: query.space, file: query.file }),
  branches: (region: string, name: string, query: { filter?: string; token?: string } = {}) =>
    withQuery(`/codecommit/repositories/${segment(name)}/branches`, { region, filter: query.filter, token: query.token }),
  gitTags: (region: string, name: string, query: { filter?: string; token?: string } = {}) =>
    withQuery(`/codecommit/repositories/${segment(name)}/tags`, { region, filter: query.filter, token: query.token }),
  repositoryEncryption: (region: string, name: string) => withQuery(`/codecommit/repositories/${segment(name)}/encryption`, { region }),
  repositorySettings: (region: string, name: string) =>
    withQuery(`/codecommit/repositories/${segment(name)}/settings`, { region }),
  lookup: (text?: string) => withQuery('/codecommit/lookup', { text }),

  /** What the command palette asks: what has a text in its name, or is named by it. */
  find: (text: string, near: { region: string; repository?: string | undefined; recent?: readonly string[] }) =>
    `${withQuery('/find', { text, region: near.region, repository: near.repository })}${(near.recent ?? []).map((region) => `&recent=${segment(region)}`).join('')}`,

  iam: () => '/iam',
  users: (query: { token?: string | undefined } = {}) => withQuery('/iam/users', { token: query.token }),
  createUser: () => '/iam/users/create',
  user: (name: string, tab?: UserTab) => `/iam/users/${segment(name)}${tab === undefined ? '' : `/${tab}`}`,
  userPolicy: (name: string, policyName: string) => `/iam/users/${segment(name)}/policies/${segment(policyName)}`,
  createUserPolicy: (name: string) => `/iam/users/${segment(name)}/create-policy`,
  myCredentials: () => '/iam/security-credentials',
  groups: () => '/iam/groups',
  group: (name: string) => `/iam/groups/${segment(name)}`,
  groupPolicy: (name: string, policyName: string) => `/iam/groups/${segment(name)}/policies/${segment(policyName)}`,
  createGroupPolicy: (name: string) => `/iam/groups/${segment(name)}/create-policy`,
  policies: (query: { scope?: 'Local' | 'AWS'; token?: string | undefined } = {}) =>
    withQuery('/iam/policies', { scope: query.scope, token: query.token }),
  createPolicy: () => '/iam/policies/create',
  /** A managed policy at its default version, or at another. */
  policy: (arn: string, version?: string) => withQuery('/iam/policies/policy', { arn, version }),
  /** Who may do what, and by which statement not. */
  explain: ({ user, operation, resource, region, reference, repositoryId }: ExplainQuery = {}) =>
    withQuery('/iam/access-explainer', { region, user, operation, resource, reference, repositoryId }),

  /** The welcome page at the first visit; the list needs a Region of its own, which IAM has not. */
  encryptionKeys: (region?: string, query: { filter?: string; token?: string } = {}) =>
    withQuery('/iam/encryption-keys', { region, filter: query.filter, token: query.token }),
  createKey: (region: string) => withQuery('/iam/encryption-keys/create', { region }),
  key: (region: string, keyId: string, tab?: KeyTab) =>
    `/iam/encryption-keys/${segment(region)}/${segment(keyId)}${tab === undefined ? '' : `/${tab}`}`,

  awsManagedKeys: (region: string, query: KeyListQuery = {}) => withQuery('/kms/aws-managed-keys', { region, ...query }),
  customerManagedKeys: (region: string, query: KeyListQuery = {}) => withQuery('/kms/customer-managed-keys', { region, ...query }),
  createCustomerManagedKey: (region: string) => withQuery('/kms/customer-managed-keys/create', { region }),
  /** A key in KMS's own manner; `key` is IAM's. */
  kmsKey: (region: string, keyId: string, tab?: KmsKeyTab, query: { token?: string | undefined } = {}) =>
    withQuery(`/kms/keys/${segment(keyId)}${tab === undefined ? '' : `/${tab}`}`, { region, token: query.token }),

  events: (region: string, query: EventQuery = {}) => withQuery('/cloudtrail/events', { region, ...query }),
  event: (region: string, eventId: string) => withQuery(`/cloudtrail/events/${segment(eventId)}`, { region }),
  /** All events of some conditions as a file. */
  eventExport: (region: string, format: 'csv' | 'jsonl', { token: _token, event: _event, ...conditions }: EventQuery) =>
    withQuery('/cloudtrail/events/export', { region, format, ...conditions }),
  /** Events as they are recorded, as a stream. */
  eventStream: (region: string, { token: _token, event: _event, ...conditions }: EventQuery) => withQuery('/cloudtrail/events/stream', { region, ...conditions }),
} as const

/** How a diff is shown: `view` in one column or two (without it as chosen last), `space` without changes of white space, `file` that one alone and whole. */
export type DiffQuery = Readonly<{ view?: 'split' | 'unified'; space?: 'ignore'; file?: string }>

export type UserTab = 'groups' | 'security-credentials'
/** A question to the access explainer, by the names in its URL. What is left out is asked for on the page. */
export type ExplainQuery = Readonly<{
  /** ARN of an IAM user or of the root user, or an IAM user's name. */
  user?: string | undefined
  /** `codecommit:GitPush`, `kms:Decrypt`: the service's IAM prefix and the operation's name. */
  operation?: string | undefined
  /** ARN of a repository, a key or whatever else it is done to. */
  resource?: string | undefined
  /** Where an operation without a resource is asked for. */
  region?: string | undefined
  /** Of a push, the full name of the ref. */
  reference?: string | undefined
  /** Of a KMS operation that CodeCommit called on the user's behalf: the repository that it was for. */
  repositoryId?: string | undefined
}>

/** Which keys a list of KMS shows: those with a text, in a state, in an order, from a place on. */
export type KeyListQuery = Readonly<{ filter?: string; state?: string; sort?: string; token?: string }>

export type KmsKeyTab = 'cryptographic-configuration' | 'tags' | 'rotation' | 'aliases' | 'usage' | 'try-out'
export type KeyTab = 'policy' | 'tags' | 'rotation' | 'aliases' | 'try-out'

/** The conditions of the event history, by their names in the URL: AWS's own. Times are `2026-11-22T22:57:13Z`. */
export const eventConditions = ['RepositoryId', 'EventName', 'Username', 'EventSource', 'ResourceName', 'ResourceType', 'AccessKeyId', 'EventId', 'ReadOnly', 'Outcome', 'StartTime', 'EndTime'] as const

/** Conditions, the place in the list, and the event that is shown beside it. */
export type EventQuery = Readonly<Partial<Record<(typeof eventConditions)[number] | 'token' | 'event', string>>>

/** True for a URL of the event history within the console. */
export function isEventsPath(url: string): boolean {
  return url === paths.events('') || url.startsWith(`${paths.events('')}?`)
}

/** The same URL with another Region, for pages that have one. */
export function inRegion(url: string, region: string): string {
  const [path = '', query = ''] = url.split('?')
  const parameters = new URLSearchParams(query)
  parameters.set('region', region)
  for (const name of ['token', 'event']) parameters.delete(name)
  return `${path}?${parameters.toString()}`
}

/** The URL of a list at another page of it; without a token at its first. */
export function atToken(url: string, token: string | undefined): string {
  const [path = '', query = ''] = url.split('?')
  const { token: _before, ...others } = Object.fromEntries(new URLSearchParams(query))
  return withQuery(path, { ...others, token })
}

/** Where the rows of a list's URL are to be had alone: JSON. */
export function rowsPath(url: string): string {
  return `/rows${url}`
}

function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') parameters.set(name, value)
  const text = parameters.toString()
  return text === '' ? path : `${path}?${text}`
}

function segment(text: string): string {
  return encodeURIComponent(text)
}

function segments(path: string): string {
  return path.split('/').map(segment).join('/')
}
