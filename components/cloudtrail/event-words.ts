import type { EventSummary } from './event-summary.ts'

/** An event in words: `alice` `pulled from` `hello`; and how it ended. */
export type EventWords = Readonly<{
  who: string
  /** The service that did it for them: `CodeCommit`. */
  through?: string
  /** What was done, or tried: past tense, or after `tried to`. */
  did: string
  /** What it was done to: shown as an identifier. */
  to?: string
  /** `under aws/codecommit`, `of the repository …`: what else it was about. */
  about?: readonly [preposition: string, name: string]
  ended?: string
}>

/** Says an event as a person would. `names` are those of repositories, by their IDs. */
export function eventWords(event: EventSummary, names: Readonly<Record<string, string>> = {}): EventWords {
  const { name, parameters, errorCode, denied, repositoryId, resources } = event
  const [past, base] = phrases[name] ?? phraseOf(name)
  const repository = repositoryId === undefined ? undefined : (names[repositoryId] ?? repositoryId)
  const object = objectKeys.map((key) => parameters[key]).find((value): value is string => typeof value === 'string' && value !== '')
  const ofKms = event.source === 'kms.amazonaws.com'
  const key = resources.find(({ type }) => type === 'AWS::KMS::Key')?.name
  // A push that is refused has no parameters: the resource says where it went.
  const git = name.startsWith('Git') ? (repository ?? resources[0]?.name.split(':').at(-1)) : undefined
  const to = ofKms ? (repository ?? keyName(object ?? key)) : (object ?? git)
  const user = ofKms || to === parameters['userName'] ? undefined : parameters['userName']
  return {
    who: event.user === '' ? 'Somebody' : (serviceNames[event.user] ?? event.user),
    ...(event.invokedBy !== undefined && event.invokedBy !== event.user && { through: serviceNames[event.invokedBy] ?? event.invokedBy }),
    did: errorCode === undefined ? past : `tried to ${base}`,
    ...(to !== undefined && { to }),
    ...(ofKms && repository !== undefined && key !== undefined
      ? { about: ['under the key', keyName(key) ?? key] as const }
      : typeof user === 'string' && { about: ['of the user', user] as const }),
    ...(errorCode !== undefined && { ended: denied ? 'policy refused it' : `it failed: ${errorCode}` }),
  }
}

/** Members of a request that say what it is about, the most telling first. */
const objectKeys = ['repositoryName', 'oldName', 'aliasName', 'keyId', 'policyName', 'policyArn', 'groupName', 'accessKeyId', 'serviceSpecificCredentialId', 'sSHPublicKeyId', 'userName'] as const

/** What is said of operations whose names do not say it well. */
const phrases: Readonly<Record<string, readonly [past: string, base: string]>> = {
  GitPush: ['pushed to', 'push to'],
  GitPull: ['pulled from', 'pull from'],
  Encrypt: ['encrypted a small value of', 'encrypt a small value of'],
  Decrypt: ['decrypted data of', 'decrypt data of'],
  ReEncrypt: ['moved data keys onto newer key material for', 'move data keys onto newer key material for'],
  GenerateDataKey: ['had a data key made for', 'have a data key made for'],
  GenerateDataKeyWithoutPlaintext: ['had a sealed data key made for', 'have a sealed data key made for'],
  GenerateRandom: ['had random bytes made', 'have random bytes made'],
  DescribeKey: ['looked at the key', 'look at the key'],
  CreateKey: ['created a KMS key', 'create a KMS key'],
  RotateKey: ['rotated the key', 'rotate the key'],
  RotateKeyOnDemand: ['rotated at once the key', 'rotate at once the key'],
  ScheduleKeyDeletion: ['scheduled the deletion of the key', 'schedule the deletion of the key'],
  CancelKeyDeletion: ['cancelled the deletion of the key', 'cancel the deletion of the key'],
  ConsoleLogin: ['signed in to the console', 'sign in to the console'],
  LookupEvents: ['searched the event history', 'search the event history'],
  GetCallerIdentity: ['asked who they are', 'ask who they are'],
  UpdateRepositoryName: ['renamed the repository', 'rename the repository'],
  PutUserPolicy: ['put the inline policy', 'put the inline policy'],
  AttachUserPolicy: ['attached the policy', 'attach the policy'],
  DetachUserPolicy: ['detached the policy', 'detach the policy'],
}

/** `CreateAccessKey` is `created access key`, `create access key`. */
function phraseOf(name: string): readonly [past: string, base: string] {
  const [verb = '', ...rest] = name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2').split(' ')
  const noun = rest.map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase())).join(' ')
  const base = verb.toLowerCase()
  return [`${pasts[base] ?? `${base.replace(/e$/, '')}ed`} ${noun}`.trim(), `${bases[base] ?? base} ${noun}`.trim()]
}

const pasts: Readonly<Record<string, string>> = { get: 'read', put: 'put', tag: 'tagged', untag: 'untagged', describe: 'looked at', batch: 'read in a batch:', lookup: 'looked up', test: 'tested', cancel: 'cancelled', set: 'set', resync: 'synchronized' }
const bases: Readonly<Record<string, string>> = { get: 'read', describe: 'look at', batch: 'read in a batch:', lookup: 'look up', resync: 'synchronize' }

const serviceNames: Readonly<Record<string, string>> = {
  'codecommit.amazonaws.com': 'CodeCommit',
  'kms.amazonaws.com': 'KMS',
  'iam.amazonaws.com': 'IAM',
}

/** A key as people know it: its alias, or its ID without the ARN around it. */
function keyName(key: string | undefined): string | undefined {
  return key?.replace(/^arn:[^:]*:kms:[^:]*:[^:]*:(?:key\/)?/, '').replace(/^alias\//, '')
}
