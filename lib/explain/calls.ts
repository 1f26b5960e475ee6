import { cloudtrailOperations } from '#lib/cloudtrail/api'
import { codecommitOperations } from '#lib/codecommit/api'
import { GitPullCapabilities } from '#lib/codecommit/git-pull'
import { GitPush, GitPushRefs } from '#lib/codecommit/git-push'
import { codecommitKeyAlias } from '#lib/codecommit/key-alias'
import { isFirstUse } from '#lib/codecommit/key-in-region'
import { allSix, newDataKey, ofNewRepository, openedDataKey, sealedValue, type KmsCall } from '#lib/codecommit/kms-calls'
import { findRepository } from '#lib/codecommit/repository-row'
import { iamOperations, stsOperations } from '#lib/iam/api'
import { DescribeKey, kmsOperations } from '#lib/kms/api'
import { parseArn } from '#lib/operation/arn'
import { asService, type RequestContext } from '#lib/operation/context'
import type { AnyOperation } from '#lib/operation/define'
import { repositoryEncryptionContext } from '#lib/operation/repository-context'

/** What is asked: may somebody do this? */
export type Question = Readonly<{
  /** `codecommit:GitPush`, `kms:Decrypt`: an operation of a service, by its IAM prefix. */
  action: string
  /** ARN of what it is done to; absent for operations on everything. */
  resource?: string | undefined
  /** Of a push: the full name of the ref that it changes. */
  reference?: string | undefined
  /** Of a KMS operation: the repository that CodeCommit calls it for, on the caller's behalf. */
  repositoryId?: string | undefined
  encryptionContext?: Readonly<Record<string, string>> | undefined
}>

/** One operation that is run on the way, and what it is run with. */
export type Call = Readonly<{
  operation: AnyOperation
  input: unknown
  context: RequestContext
  /** Why it is run, where that is not plain. */
  note?: string
  /** What it acts on is made on the way: that it is not there yet refuses nothing. */
  makesIt?: true
}>

/** Ref of a push that does not say which. */
export const defaultReference = 'refs/heads/main'

/**
 * The operations that a request comes to, in their order: the one that was named, and those of KMS that CodeCommit calls on the
 * caller's behalf (lib/codecommit/kms-calls.ts, which the operations themselves use). Null for an action that is no operation here.
 */
export async function callsOf(context: RequestContext, question: Question): Promise<readonly Call[] | null> {
  const [service = '', name = ''] = question.action.split(':')
  const operation = operationOf(service, name)
  const repositoryName = (service === 'codecommit' && parseArn(question.resource ?? '')?.resource) || undefined
  if (service === 'codecommit' && name === 'GitPush') return pushCalls(context, repositoryName, question.reference || defaultReference)
  if (service === 'codecommit' && name === 'GitPull') {
    const input = { repositoryName, transport: { protocol: 'https' } }
    return [{ operation: GitPullCapabilities, input, context }, ...(await readerCalls(context, repositoryName))]
  }
  if (!operation) return null
  const named = { operation, input: inputFor(question, repositoryName), context: contextOf(context, question) }
  if (service !== 'codecommit') return [named]
  if (name === 'CreateRepository') return [named, ...(await creationCalls(context))]
  if (withoutKey.has(name)) return [named]
  if (name === 'UpdateRepositoryDescription') {
    const row = repositoryName === undefined ? null : await findRepository(context, repositoryName)
    return row ? [named, viaKey(context, sealedValue(row))] : [named]
  }
  return [named, ...(await readerCalls(context, repositoryName))]
}

/** Operations of CodeCommit that open nothing. */
const withoutKey = new Set(['ListRepositories', 'DeleteRepository', 'UpdateRepositoryName', 'ListTagsForResource', 'TagResource', 'UntagResource'])

const tables: Readonly<Record<string, Readonly<Record<string, AnyOperation>>>> = {
  codecommit: codecommitOperations,
  kms: kmsOperations,
  iam: iamOperations,
  sts: stsOperations,
  cloudtrail: cloudtrailOperations,
}

function operationOf(service: string, name: string): AnyOperation | undefined {
  const table = Object.hasOwn(tables, service) ? tables[service] : undefined
  return table && Object.hasOwn(table, name) ? table[name] : undefined
}

async function pushCalls(context: RequestContext, repositoryName: string | undefined, ref: string): Promise<Call[]> {
  const row = repositoryName === undefined ? null : await findRepository(context, repositoryName)
  const commands = [{ ref, oldOid: '', newOid: '' }]
  return [
    { operation: GitPushRefs, input: { repositoryName, transport: { protocol: 'https' } }, context, note: 'Before git says which refs it wants to change' },
    ...(await readerCalls(context, repositoryName)),
    ...(row ? [viaKey(context, newDataKey(row))] : []),
    { operation: GitPush, input: { repositoryName, request: { commands } }, context, note: `When it says that it wants to change ${ref}` },
  ]
}

async function readerCalls(context: RequestContext, repositoryName: string | undefined): Promise<Call[]> {
  const row = repositoryName === undefined ? null : await findRepository(context, repositoryName)
  const call = row && (await openedDataKey(row))
  return call ? [viaKey(context, call)] : []
}

async function creationCalls(context: RequestContext): Promise<Call[]> {
  const caller = asService(context, 'codecommit')
  const first = await isFirstUse(caller)
  const [access] = (await DescribeKey.resolve(caller, { KeyId: codecommitKeyAlias })).access
  const calls = first ? allSix(newRepositoryId) : ofNewRepository(access?.resource ?? '', newRepositoryId)
  return calls.map((call) => ({ ...viaKey(context, call), ...(first && { note: 'The first repository of a Region makes its key: none of the six may be denied', makesIt: true }) }))
}

/** Stands for the ID that a new repository will get. */
const newRepositoryId = '00000000-0000-4000-8000-000000000000'

function viaKey(context: RequestContext, { operation, input }: KmsCall): Call {
  return { operation, input, context: asService(context, 'codecommit'), note: 'CodeCommit asks KMS on the caller’s behalf' }
}

function contextOf(context: RequestContext, { action, repositoryId }: Question): RequestContext {
  return action.startsWith('kms:') && repositoryId !== undefined ? asService(context, 'codecommit') : context
}

/**
 * An input that the operation's `resolve` can be asked with: what names the resource, and of the other members something that
 * is well formed. What an operation does not know, it ignores.
 */
function inputFor({ action, resource, encryptionContext, repositoryId }: Question, repositoryName: string | undefined): object {
  const arn = parseArn(resource ?? '')
  const contextPairs = repositoryId === undefined ? encryptionContext : repositoryEncryptionContext(repositoryId)
  const kms = {
    KeyId: resource,
    SourceKeyId: resource,
    DestinationKeyId: resource,
    TargetKeyId: resource,
    AliasName: arn?.resource.startsWith('alias/') ? arn.resource : 'alias/example',
    Plaintext: new Uint8Array(1),
    CiphertextBlob: new Uint8Array(1),
    ...(contextPairs && { EncryptionContext: contextPairs, SourceEncryptionContext: contextPairs, DestinationEncryptionContext: contextPairs }),
    ...(action.startsWith('kms:GenerateDataKey') && { KeySpec: 'AES_256' }),
    PendingWindowInDays: 30,
    Policy: '{}',
    Tags: [],
    TagKeys: [],
    Description: '',
  }
  if (action.startsWith('kms:')) return kms
  const name = arn?.resource.split('/').at(-1)
  const iam = { UserName: name, GroupName: name, PolicyName: name ?? 'policy', PolicyArn: resource, PolicySourceArn: resource, PolicyDocument: '{}', SerialNumber: resource, ActionNames: ['iam:GetUser'], VersionId: 'v1' }
  const codecommit = {
    repositoryName,
    oldName: repositoryName,
    newName: repositoryName,
    resourceArn: resource,
    tags: {},
    tagKeys: [],
    branchName: 'main',
    defaultBranchName: 'main',
    commitId: zeroCommit,
    blobId: zeroCommit,
    filePath: 'README.md',
    folderPath: '/',
  }
  return action.startsWith('iam:') ? iam : codecommit
}

const zeroCommit = '0'.repeat(40)
