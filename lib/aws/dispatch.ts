import { cloudtrailOperations } from '#lib/cloudtrail/api'
import { codecommitOperations, ownOperations } from '#lib/codecommit/api'
import { iamOperations, stsOperations } from '#lib/iam/api'
import { kmsOperations } from '#lib/kms/api'
import type { AnyOperation, ServiceName } from '#lib/operation/define'
import { globalRegion } from '#lib/operation/regions'
import { unknownOperation } from './errors.ts'

type Operations = Readonly<Record<string, AnyOperation>>

/** A service of the JSON protocol: what `X-Amz-Target` begins with. */
type JsonService = Readonly<{ service: ServiceName; targetPrefix: string; operations: Operations }>

/** A service of the query protocol: told by the credential scope, and by its version. */
type QueryService = Readonly<{
  service: ServiceName
  version: string
  namespace: string
  operations: Operations
  /**
   * The Region of a global service: its operations act and are recorded there. Signatures for other Regions are taken too,
   * because clients that are told an endpoint sign for the Region that they are configured with.
   */
  globalRegion?: string
}>

/** Every service that the wire reaches. What is not in a table is not there: names are looked up, never composed. */
export const jsonServices: readonly JsonService[] = [
  { service: 'kms', targetPrefix: 'TrentService', operations: kmsOperations },
  { service: 'codecommit', targetPrefix: 'CodeCommit_20150413', operations: { ...codecommitOperations, ...ownOperations } },
  { service: 'cloudtrail', targetPrefix: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101', operations: cloudtrailOperations },
  { service: 'cloudtrail', targetPrefix: 'CloudTrail_20131101', operations: cloudtrailOperations },
]

export const queryServices: readonly QueryService[] = [
  {
    service: 'iam',
    version: '2010-05-08',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    operations: iamOperations,
    globalRegion,
  },
  { service: 'sts', version: '2011-06-15', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/', operations: stsOperations },
]

/**
 * The service and operation that an `X-Amz-Target` names: `TrentService.Encrypt`.
 * @throws ServiceException UnknownOperationException
 */
export function findTarget(target: string): { service: ServiceName; operation: AnyOperation } {
  const dot = target.lastIndexOf('.')
  const found = jsonServices.find(({ targetPrefix }) => targetPrefix === target.slice(0, Math.max(0, dot)))
  if (!found) throw unknownOperation('The service that X-Amz-Target names is not one of Codekeep’s: KMS, CodeCommit, CloudTrail.')
  return { service: found.service, operation: own(found.operations, target.slice(dot + 1)) ?? raise(unknownOperation()) }
}

/** The query service that a credential scope names; undefined for any other. */
export function findQueryService(service: string): QueryService | undefined {
  return queryServices.find((each) => each.service === service)
}

/**
 * The operation of a query service.
 * @throws ServiceException UnknownOperationException (on the wire `InvalidAction`)
 */
export function findAction(queryService: QueryService, action: string, version: string): AnyOperation {
  const operation = version === queryService.version ? own(queryService.operations, action) : undefined
  return operation ?? raise(unknownOperation(`Could not find operation ${action.slice(0, 128)} for version ${version.slice(0, 32) || 'NO_VERSION_SPECIFIED'}`))
}

function own(operations: Operations, name: string): AnyOperation | undefined {
  return Object.hasOwn(operations, name) ? operations[name] : undefined
}

function raise(error: Error): never {
  throw error
}
