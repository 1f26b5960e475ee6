import { cloudtrailPolicies } from './cloudtrail.ts'
import { codecommitPolicies } from './codecommit.ts'
import type { AwsManagedPolicy } from './define.ts'
import { iamPolicies } from './iam.ts'
import { jobFunctionPolicies } from './job-functions.ts'
import { kmsPolicies } from './kms.ts'

/** Every policy of AWS that is built in, by name. */
export const awsManagedPolicies: readonly AwsManagedPolicy[] = [
  ...jobFunctionPolicies,
  ...codecommitPolicies,
  ...kmsPolicies,
  ...cloudtrailPolicies,
  ...iamPolicies,
].toSorted((a, b) => (a.name < b.name ? -1 : 1))

/** The built-in policy of an ARN; undefined for a customer's policy, and for one of AWS's that is not built in. */
export function findAwsManagedPolicy(arn: string): AwsManagedPolicy | undefined {
  return byArn.get(arn)
}

const byArn = new Map(awsManagedPolicies.map((policy) => [policy.arn, policy]))
