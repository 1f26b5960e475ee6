import { encodeBase64 } from '#lib/operation/blob'
import { serializationException, type WireError } from './errors.ts'

/** Content type of the query protocol's requests; its answers are XML. */
export const formContentType = 'application/x-www-form-urlencoded'

/** A call of the query protocol. */
export type QueryCall = Readonly<{
  action: string
  version: string
  /** The other parameters, nested; every value is text, so the operations' schemas coerce. */
  input: Readonly<Record<string, unknown>>
}>

/**
 * Reads a form: `UserName=alice&Tags.member.1.Key=team` is `{ UserName: 'alice', Tags: [{ Key: 'team' }] }`.
 *
 * Lists are `Name.member.N`, counted from 1 without gaps; `Name=` alone is an empty list or text, as its schema wants.
 *
 * @throws ServiceException SerializationException for a body that is not such a form: not UTF-8, a list with gaps, a name
 * that is both a value and a structure, too deep, too many
 */
export function decodeQuery(body: Uint8Array): QueryCall {
  const parameters = [...new URLSearchParams(decodeForm(body))]
  if (parameters.length > mostParameters) throw serializationException('The request has too many parameters.')
  const root: Node = new Map()
  for (const [name, value] of parameters) {
    if (value.includes('\uFFFD')) throw serializationException('The request body is not UTF-8.')
    put(root, name.split('.'), value)
  }
  const { Action = '', Version = '', ...input } = structure(root)
  return { action: asText(Action), version: asText(Version), input }
}

/** Writes the answer of a call; a call without output has no Result element. */
export function encodeQuery(action: string, output: unknown, { requestId, namespace }: Envelope): string {
  const result = output === undefined ? '' : element(`${action}Result`, output)
  return `<${action}Response xmlns="${namespace}">${result}<ResponseMetadata>${element('RequestId', requestId)}</ResponseMetadata></${action}Response>`
}

/** Writes an error. */
export function encodeQueryError({ code, message, fault }: WireError, { requestId, namespace }: Envelope): string {
  const type = element('Type', fault === 'client' ? 'Sender' : 'Receiver')
  const error = `<Error>${type}${element('Code', code)}${element('Message', message)}</Error>`
  return `<ErrorResponse xmlns="${namespace}">${error}${element('RequestId', requestId)}</ErrorResponse>`
}

type Envelope = Readonly<{ requestId: string; namespace: string }>

const mostParameters = 2000
const deepest = 12

type Node = Map<string, Node | string>

function decodeForm(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw serializationException('The request body is not UTF-8.')
  }
}

function put(node: Node, path: readonly string[], value: string): void {
  if (path.length > deepest) throw serializationException('A parameter is nested too deep.')
  const [head = '', ...rest] = path
  const existing = node.get(head)
  if (rest.length === 0) {
    if (existing !== undefined) throw serializationException('A parameter is given twice.')
    node.set(head, value)
    return
  }
  if (typeof existing === 'string') throw serializationException('A parameter is both a value and a structure.')
  const child: Node = existing ?? new Map<string, Node | string>()
  node.set(head, child)
  put(child, rest, value)
}

function structure(node: Node): Record<string, unknown> {
  // Names come from the network: none of them may reach a prototype.
  const members = Object.create(null) as Record<string, unknown>
  for (const [name, value] of node) members[name] = member(value)
  return members
}

function member(value: Node | string): unknown {
  if (typeof value === 'string') return value
  const items = value.get('member')
  if (value.size !== 1 || items === undefined || typeof items === 'string') return structure(value)
  return Array.from({ length: items.size }, (_, index) => {
    const item = items.get(String(index + 1))
    if (item === undefined) throw serializationException('The members of a list are counted from 1, without gaps.')
    return member(item)
  })
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function element(name: string, value: unknown): string {
  return `<${name}>${content(value)}</${name}>`
}

function content(value: unknown): string {
  if (value instanceof Date) return value.toISOString().replace(/\.\d+Z$/, 'Z')
  if (value instanceof Uint8Array) return encodeBase64(value)
  if (Array.isArray(value)) return value.map((item) => element('member', item)).join('')
  if (value instanceof Map) {
    return [...value].map(([key, entry]) => `<entry>${element('key', key)}${element('value', entry)}</entry>`).join('')
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([, each]) => each !== undefined && each !== null)
      .map(([name, each]) => element(name, each))
      .join('')
  }
  return escape(String(value))
}

/** XML text. Characters that XML 1.0 cannot hold at all become U+FFFD. */
function escape(text: string): string {
  return (
    text
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/\r/g, '&#xD;')
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
  )
}
