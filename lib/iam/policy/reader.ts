import type { PolicyKind } from './document.ts'
import type { JsonMember, JsonNode, JsonPath } from './json-text.ts'
import type { TextPosition } from './malformed.ts'

/** What the functions that read a policy's parts share. */
export type PolicyReader = Readonly<{
  kind: PolicyKind
  /** Version 2012-10-17: `${…}` means something. */
  variables: boolean
  fail: (offset: number, message: string, path: JsonPath) => never
  positionOf: (offset: number) => TextPosition
}>

/** The members of an object; refuses anything else. */
export function objectMembers(reader: PolicyReader, node: JsonNode, path: JsonPath): readonly JsonMember[] {
  return node.kind === 'object' ? node.members : reader.fail(node.start, 'Syntax errors in policy: expected an object.', path)
}

/** The text of a string; refuses anything else. */
export function stringOf(reader: PolicyReader, node: JsonNode, path: JsonPath): string {
  return node.kind === 'string' ? node.value : reader.fail(node.start, 'Syntax errors in policy: expected a string.', path)
}

/** AWS lets one value stand for a list of one: the nodes and their paths. */
export function listOf(node: JsonNode, path: JsonPath): readonly (readonly [JsonNode, JsonPath])[] {
  return node.kind === 'array' ? node.items.map((item, index) => [item, [...path, index]] as const) : [[node, path]]
}
