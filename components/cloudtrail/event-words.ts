import { phraseFor } from './event-phrases.ts'
import type { EventSummary } from './event-summary.ts'

/** An event in words: `alice` `pulled` `from` `hello`; and how it ended. */
export type EventWords = Readonly<{
  who: string
  /** The service that did it for them: `CodeCommit`. */
  through?: string
  /** What was done, or tried, and to what: text, and names to be shown as identifiers. */
  did: readonly Word[]
  ended?: string
}>

export type Word = Readonly<{ text: string; isName: boolean }>

/** Says an event as a person would. `names` are those of repositories, by their IDs. */
export function eventWords(event: EventSummary, names: Readonly<Record<string, string>> = {}): EventWords {
  const { name, errorCode, denied } = event
  const [past, base, rest = ''] = phraseFor(event) ?? ['called', 'call', name]
  return {
    who: event.user === '' ? 'Somebody' : (serviceNames[event.user] ?? event.user),
    ...(event.invokedBy !== undefined && event.invokedBy !== event.user && { through: serviceNames[event.invokedBy] ?? event.invokedBy }),
    did: [{ text: errorCode === undefined ? past : `tried to ${base}`, isName: false }, ...wordsOf(rest, (member, needed) => nameOf(member, needed, event, names))],
    ...(errorCode !== undefined && { ended: denied ? 'policy refused it' : `it failed: ${errorCode}` }),
  }
}

/** What follows the verb, with the names that are known in their places; `needed`: the phrase says something else without. */
function wordsOf(template: string, name: (member: string, needed: boolean) => string | undefined): Word[] {
  return [...template.matchAll(/<([^>{]*)\{(\w+)\}([^>|]*)(?:\|([^>]*))?>|[^<]+/g)].flatMap(([plain, before, member, after = '', otherwise]) => {
    const found = member === undefined ? undefined : name(member, otherwise !== undefined)
    const words = member === undefined ? [text(plain)] : found === undefined ? [text(otherwise ?? '')] : [text(before ?? ''), { text: found, isName: true }, text(after)]
    return words.filter((word) => word.text !== '')
  })
}

function text(words: string): Word {
  return { text: words.trim(), isName: false }
}

function nameOf(member: string, needed: boolean, event: EventSummary, names: Readonly<Record<string, string>>): string | undefined {
  if (member === 'repository') return repositoryOf(event, names)
  if (member === 'key') return keyName(textOf(event.parameters['keyId']) ?? textOf(event.parameters['destinationKeyId']) ?? event.resources.find(({ type }) => type === 'AWS::KMS::Key')?.name)
  const value = textOf(event.parameters[member])
  // Of oneself it goes without saying, where the phrase can do without.
  if (member === 'userName' && value === event.user && !needed) return undefined
  if (/^(?:keyId|targetKeyId|aliasName)$/.test(member)) return keyName(value)
  // Of an ARN the name at its end; of a commit or a blob what is enough to know it by.
  return value?.replace(/^arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:.*\/)?/, '').replace(/^([0-9a-f]{8})[0-9a-f]{32}$/, '$1')
}

/** As it was called then, where the request says so; a refused push has no parameters, and its resource says where it went. */
function repositoryOf({ parameters, repositoryId, resources }: EventSummary, names: Readonly<Record<string, string>>): string | undefined {
  const known = repositoryId === undefined ? undefined : names[repositoryId]
  const arn = textOf(parameters['resourceArn']) ?? resources.find(({ type }) => type === 'AWS::CodeCommit::Repository')?.name
  return textOf(parameters['repositoryName']) ?? known ?? arn?.split(':').at(-1) ?? repositoryId
}

function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return textOf(value.filter((each) => typeof each === 'string').join(', '))
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A key as people know it: its alias, or its ID without the ARN around it. */
function keyName(key: string | undefined): string | undefined {
  return key?.replace(/^arn:[^:]*:kms:[^:]*:[^:]*:(?:key\/)?/, '').replace(/^alias\//, '')
}

const serviceNames: Readonly<Record<string, string>> = {
  'codecommit.amazonaws.com': 'CodeCommit',
  'kms.amazonaws.com': 'KMS',
  'iam.amazonaws.com': 'IAM',
}
