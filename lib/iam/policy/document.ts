import type { Condition } from './conditions.ts'
import { formatPath, lineFinder, parseJson, type JsonMember, type JsonNode, type JsonPath } from './json-text.ts'
import { MalformedPolicyDocument, type TextPosition } from './malformed.ts'
import type { Glob } from './match.ts'
import type { PrincipalClause } from './principals.ts'
import { listOf, objectMembers, stringOf, type PolicyReader } from './reader.ts'
import { parseStatement } from './statement.ts'
import type { Pattern } from './variables.ts'

/** A policy read, checked and made ready to evaluate. Plain data: it may be remembered across module copies. */
export type PolicyDocument = Readonly<{
  version: '2008-10-17' | '2012-10-17'
  id?: string
  statements: readonly Statement[]
}>

/** One statement. `start` and `end` are its braces in the text (SimulatePrincipalPolicy's positions; `end` is past the last). */
export type Statement = Readonly<{
  sid?: string
  /** Place in the document, from 0. */
  index: number
  effect: 'Allow' | 'Deny'
  start: TextPosition
  end: TextPosition
  /** Only in resource policies. */
  principals?: PrincipalClause
  actions: Readonly<{ negated: boolean; globs: readonly Glob[] }>
  /** Absent where a resource policy leaves it out: the resource that it is attached to. */
  resources?: Readonly<{ negated: boolean; patterns: readonly Pattern[] }>
  conditions: readonly Condition[]
}>

/** Identity policies are attached to users and groups; resource policies (a KMS key policy) to what they guard. */
export type PolicyKind = 'identity' | 'resource'

/**
 * Reads a policy document and refuses what AWS calls malformed, with the place.
 *
 * The quotas on size are the caller's (they differ by kind and have errors of their own; {@link policySize} counts as IAM
 * does). Beyond {@link documentLimit} nothing is read at all, so that a huge text costs nothing.
 *
 * @throws MalformedPolicyDocument
 */
export function parsePolicyDocument(text: string, kind: PolicyKind): PolicyDocument {
  if (text.length > documentLimit) {
    throw new MalformedPolicyDocument(`Policy document is longer than ${String(documentLimit)} characters.`, { line: 1, column: 1 }, '')
  }
  const positionOf = lineFinder(text)
  const fail = (offset: number, message: string, path: JsonPath): never => {
    throw new MalformedPolicyDocument(message, positionOf(offset), formatPath(path))
  }
  const foreign = text.search(/[^\t\n\r\u0020-\u00ff]/)
  if (foreign >= 0) {
    const code = (text.codePointAt(foreign) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    fail(foreign, `This policy contains a character that is not allowed: U+${code}`, [])
  }
  const reader: PolicyReader = { kind, variables: false, fail, positionOf }
  const document = new Map(objectMembers(reader, parseJson(text, fail), []).map((member) => [member.name, member]))
  for (const { name, nameStart } of document.values()) {
    if (!documentElements.has(name)) fail(nameStart, `Syntax errors in policy: unknown element ${JSON.stringify(name)}.`, [name])
  }
  const version = readVersion(reader, document.get('Version'))
  const id = document.get('Id')
  const idText = id && stringOf(reader, id.value, ['Id'])
  const statement = document.get('Statement')
  if (!statement) return fail(0, 'Syntax errors in policy: missing required field Statement.', [])
  const statements = readStatements({ ...reader, variables: version === '2012-10-17' }, statement.value)
  return { version, ...(idText === undefined ? {} : { id: idText }), statements }
}

/** More than any policy of AWS may hold (KMS and IAM model 131,072 characters). */
export const documentLimit = 131_072

/** The size that IAM's quotas count: characters without white space. */
export function policySize(text: string): number {
  return text.replace(/\s+/g, '').length
}

const documentElements = new Set(['Version', 'Id', 'Statement'])

function readVersion(reader: PolicyReader, member: JsonMember | undefined): PolicyDocument['version'] {
  if (!member) return '2008-10-17'
  const version = stringOf(reader, member.value, ['Version'])
  if (version === '2008-10-17' || version === '2012-10-17') return version
  return reader.fail(
    member.value.start,
    `Syntax errors in policy: Version must be "2012-10-17" or "2008-10-17", not ${JSON.stringify(version)}.`,
    ['Version'],
  )
}

function readStatements(reader: PolicyReader, node: JsonNode): Statement[] {
  const nodes = listOf(node, ['Statement'])
  if (nodes.length === 0) reader.fail(node.start, 'Syntax errors in policy: Statement is empty.', ['Statement'])
  const sids = new Set<string>()
  return nodes.map(([statementNode, path], index) => {
    const statement = parseStatement(reader, statementNode, path, index)
    if (statement.sid !== undefined && statement.sid !== '' && reader.kind === 'identity') {
      if (sids.has(statement.sid)) {
        reader.fail(statementNode.start, 'Statement IDs (SID) in a single policy must be unique.', [...path, 'Sid'])
      }
      sids.add(statement.sid)
    }
    return statement
  })
}
