import { parsePolicyDocument, type PolicyDocument, type PolicyKind } from '#lib/iam/policy/document'
import { remember } from '#lib/remember'

/**
 * A stored policy, parsed. The same text is parsed once per process: every key of a Region may carry the same policy, and
 * every user the same managed one. Least recently used texts go first.
 *
 * Throws a plain Error for a text that is malformed: what is stored was checked when it was put there, so nobody who
 * asks is at fault, and nothing may be allowed in the meantime.
 */
export function parsedPolicy(text: string, kind: PolicyKind): PolicyDocument {
  const documents = remember(`iam.parsedPolicies.${kind}`, () => new Map<string, PolicyDocument>())
  const known = documents.get(text)
  if (known) {
    if (documents.size >= capacity / 2) {
      documents.delete(text)
      documents.set(text, known)
    }
    return known
  }
  const document = parse(text, kind)
  const [oldest] = documents.keys()
  if (documents.size >= capacity && oldest !== undefined) documents.delete(oldest)
  documents.set(text, document)
  return document
}

const capacity = 1000

function parse(text: string, kind: PolicyKind): PolicyDocument {
  try {
    return parsePolicyDocument(text, kind)
  } catch (error) {
    throw new Error('a stored policy document is malformed', { cause: error })
  }
}
