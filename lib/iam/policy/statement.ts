import { parseCondition, parseOperator, type Condition } from './conditions.ts'
import type { Statement } from './document.ts'
import type { JsonMember, JsonNode, JsonPath } from './json-text.ts'
import { globOf, type Glob } from './match.ts'
import { classifyPrincipal, type PrincipalClause } from './principals.ts'
import { listOf, objectMembers, stringOf, type PolicyReader } from './reader.ts'
import { maskVariables, parseTemplate, patternOf, type Pattern } from './variables.ts'

/** Reads one statement; wording after IAM's own messages. */
export function parseStatement(reader: PolicyReader, node: JsonNode, path: JsonPath, index: number): Statement {
  const { fail, kind, positionOf } = reader
  const elements = new Map(objectMembers(reader, node, path).map((member) => [member.name, member]))
  for (const { name, nameStart } of elements.values()) {
    if (!statementElements.has(name)) {
      fail(nameStart, `Syntax errors in policy: unknown element ${JSON.stringify(name)}.`, [...path, name])
    }
  }
  const at = (name: string) => [...path, name]
  const sid = readSid(reader, elements.get('Sid'), at('Sid'))
  const effect = elements.get('Effect') ?? fail(node.start, 'Syntax errors in policy: missing required field Effect.', path)
  const effectText = stringOf(reader, effect.value, at('Effect'))
  if (effectText !== 'Allow' && effectText !== 'Deny') {
    return fail(
      effect.value.start,
      `Syntax errors in policy: Effect must be "Allow" or "Deny", not ${JSON.stringify(effectText)}.`,
      at('Effect'),
    )
  }
  const principals = oneOf(reader, elements, 'Principal', 'NotPrincipal', path)
  if (kind === 'identity' && principals) {
    fail(principals.member.nameStart, 'Policy document should not specify a principal.', at(principals.member.name))
  }
  if (kind === 'resource' && !principals) fail(node.start, 'Missing required field Principal.', path)
  const actions = oneOf(reader, elements, 'Action', 'NotAction', path)
  if (!actions) return fail(node.start, 'Policy statement must contain actions.', path)
  const resources = oneOf(reader, elements, 'Resource', 'NotResource', path)
  if (!resources && kind === 'identity') fail(node.start, 'Policy statement must contain resources.', path)
  const condition = elements.get('Condition')
  return {
    ...(sid === undefined ? {} : { sid }),
    index,
    effect: effectText,
    start: positionOf(node.start),
    end: positionOf(node.end),
    ...(principals ? { principals: readPrincipals(reader, principals, at(principals.member.name)) } : {}),
    actions: { negated: actions.negated, globs: readActions(reader, actions.member.value, at(actions.member.name)) },
    ...(resources
      ? {
          resources: {
            negated: resources.negated,
            patterns: readResources(reader, resources.member.value, at(resources.member.name)),
          },
        }
      : {}),
    conditions: condition ? readConditions(reader, condition.value, at('Condition')) : [],
  }
}

const statementElements = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
])

type Chosen = Readonly<{ member: JsonMember; negated: boolean }>

/** An element or its negation; both at once is a fault. */
function oneOf(
  reader: PolicyReader,
  elements: ReadonlyMap<string, JsonMember>,
  name: string,
  negation: string,
  path: JsonPath,
): Chosen | undefined {
  const positive = elements.get(name)
  const negative = elements.get(negation)
  if (positive && negative) {
    const second = positive.nameStart > negative.nameStart ? positive : negative
    reader.fail(second.nameStart, `Syntax errors in policy: ${name} and ${negation} in one statement.`, [...path, second.name])
  }
  if (positive) return { member: positive, negated: false }
  return negative && { member: negative, negated: true }
}

function readSid(reader: PolicyReader, member: JsonMember | undefined, path: JsonPath): string | undefined {
  if (!member) return undefined
  const sid = stringOf(reader, member.value, path)
  // Key policies carry sentences here ("Allow access through CodeCommit …").
  if (reader.kind === 'identity' && !/^[A-Za-z0-9]*$/.test(sid)) {
    const message =
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*'
    reader.fail(member.value.start, message, path)
  }
  return sid
}

function readActions(reader: PolicyReader, node: JsonNode, path: JsonPath): Glob[] {
  const values = listOf(node, path)
  if (values.length === 0) reader.fail(node.start, 'Policy statement must contain actions.', path)
  return values.map(([item, itemPath]) => {
    const action = stringOf(reader, item, itemPath)
    const fault = actionFault(action)
    if (fault) reader.fail(item.start, fault, itemPath)
    // Actions have no case: `kms:encrypt` is kms:Encrypt.
    return globOf(action.toLowerCase())
  })
}

function actionFault(action: string): string | null {
  if (action === '*') return null
  const [vendor = '', name, ...rest] = action.split(':')
  if (name === undefined) return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'
  if (rest.length > 0) return 'Actions/Condition can contain only one colon.'
  if (vendor !== '*' && !/^[A-Za-z0-9.-]+$/.test(vendor)) return `Vendor ${vendor} is not valid`
  if (!/^[A-Za-z0-9*?_-]+$/.test(name)) return `Syntax errors in policy: ${JSON.stringify(action)} is not an action.`
  return null
}

function readResources(reader: PolicyReader, node: JsonNode, path: JsonPath): Pattern[] {
  const values = listOf(node, path)
  if (values.length === 0) reader.fail(node.start, 'Policy statement must contain resources.', path)
  return values.map(([item, itemPath]) => {
    const resource = stringOf(reader, item, itemPath)
    const fault = resourceFault(resource)
    if (fault) reader.fail(item.start, fault, itemPath)
    return patternOf(parseTemplate(resource, { variables: reader.variables, wildcards: true }), { ignoreCase: false })
  })
}

function resourceFault(resource: string): string | null {
  if (resource === '*') return null
  const [arn, partition = '', service = '', ...rest] = maskVariables(resource).split(':')
  if (arn !== 'arn' || rest.length === 0) return `Resource ${resource} must be in ARN format or "*".`
  if (!/^(?:\*|aws[a-z-]*\*?|\$)$/.test(partition)) return `Partition "${partition}" is not valid for resource "${resource}".`
  if (!/^(?:\*|\$|[a-z0-9-]+)$/.test(service)) return 'Resource vendor must be fully qualified and cannot contain regexes.'
  // Fewer than six fields can only match where a star stands for the missing ones (arn:aws:logs:*).
  if (rest.length < 3 && !rest.some((field) => field.includes('*'))) return `Resource ${resource} must be in ARN format or "*".`
  return null
}

function readPrincipals(reader: PolicyReader, { member, negated }: Chosen, path: JsonPath): PrincipalClause {
  const { value } = member
  const found = { accounts: [] as string[], exact: [] as string[], services: [] as string[] }
  let everyone = false
  const invalid = (node: JsonNode, where: JsonPath) =>
    reader.fail(node.start, 'Policy contains a statement with one or more invalid principals.', where)
  if (value.kind === 'string') {
    if (value.value !== '*') invalid(value, path)
    everyone = true
  } else {
    const members = objectMembers(reader, value, path)
    if (members.length === 0) invalid(value, path)
    for (const { name, value: list } of members) {
      const values = listOf(list, [...path, name])
      if (values.length === 0) invalid(list, [...path, name])
      for (const [item, itemPath] of values) {
        const principal = classifyPrincipal(name, stringOf(reader, item, itemPath)) ?? invalid(item, itemPath)
        if (principal.kind === 'everyone') everyone = true
        else found[lists[principal.kind]].push(principal.value)
      }
    }
  }
  return { negated, everyone, ...found }
}

const lists = { account: 'accounts', exact: 'exact', service: 'services' } as const

function readConditions(reader: PolicyReader, node: JsonNode, path: JsonPath): Condition[] {
  const { fail, variables } = reader
  return objectMembers(reader, node, path).flatMap(({ name, nameStart, value }) => {
    const operatorPath = [...path, name]
    const operator =
      parseOperator(name) ?? fail(nameStart, `Syntax errors in policy: unknown condition operator ${JSON.stringify(name)}.`, operatorPath)
    return objectMembers(reader, value, operatorPath).map((key) => {
      const keyPath = [...operatorPath, key.name]
      if (!/^[^:\s]+:\S/.test(key.name)) {
        fail(key.nameStart, 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.', keyPath)
      }
      const values = listOf(key.value, keyPath)
      return parseCondition(
        operator,
        key.name,
        values.map(([item, itemPath]) => conditionValue(reader, item, itemPath)),
        {
          variables,
          refuse: (index, reason) => {
            const [item, itemPath] = values[index] ?? [key.value, keyPath]
            return fail(item.start, `The policy failed legacy parsing: ${reason}.`, itemPath)
          },
        },
      )
    })
  })
}

/** Numbers and booleans count as their text, as written. */
function conditionValue(reader: PolicyReader, node: JsonNode, path: JsonPath): string {
  if (node.kind === 'number') return node.text
  if (node.kind === 'boolean') return String(node.value)
  return stringOf(reader, node, path)
}
