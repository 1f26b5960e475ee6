import { writeFileSync } from 'node:fs'
import * as cloudtrail from '@aws-sdk/client-cloudtrail'
import * as codecommit from '@aws-sdk/client-codecommit'
import * as iam from '@aws-sdk/client-iam'
import * as kms from '@aws-sdk/client-kms'
import * as sts from '@aws-sdk/client-sts'
import { cloudtrailOperations } from '#lib/cloudtrail/api'
import { codecommitOperations, ownOperations } from '#lib/codecommit/api'
import { iamOperations, stsOperations } from '#lib/iam/api'
import { kmsOperations } from '#lib/kms/api'
import { unsupportedOperations } from '#lib/kms/api/unsupported'

/** The text of docs/api-coverage.md: each service's operations as AWS's own SDK knows them, and which of them answer here. */
export function apiCoverage(): string {
  const services = [
    ['AWS KMS', kms, kmsOperations],
    ['AWS CodeCommit', codecommit, codecommitOperations],
    ['AWS CloudTrail', cloudtrail, cloudtrailOperations],
    ['AWS IAM', iam, iamOperations],
    ['AWS STS', sts, stsOperations],
  ] as const
  const parts = services.map(([title, sdk, operations]) => {
    const known = Object.keys(sdk)
      .filter((name) => name.endsWith('Command') && name !== '$Command')
      .map((name) => name.slice(0, -'Command'.length))
      .sort()
    // Some are only there to say clearly that they are not.
    const answers = (name: string): boolean => Object.hasOwn(operations, name) && !Object.hasOwn(unsupportedOperations, name)
    const here = known.filter(answers)
    const refused = Object.keys(operations).filter((name) => !known.includes(name))
    if (refused.length > 0) throw new Error(`${title} has no operation ${refused.join(', ')}`)
    const missing = known.filter((name) => !answers(name))
    return `## ${title}: ${here.length} of ${known.length}\n\n${here.map((name) => `\`${name}\``).join(' · ')}\n\nNot here: ${missing.length === 0 ? 'none' : missing.join(', ')}.\n`
  })
  const own = `## Codekeep's own: ${Object.keys(ownOperations).length}\n\n${Object.keys(ownOperations).map((name) => `\`${name}\``).join(' · ')}\n\nAWS has no such operations. They are called as CodeCommit's are (\`X-Amz-Target: CodeCommit_20150413.<name>\`); \`npx codekeep\` and the console use them.\n`
  return `# API coverage\n\nMade by \`npx tsx scripts/api-coverage.ts\` from the operation tables in \`lib/*/api.ts\` and the operations that AWS's SDK for JavaScript knows;\na test keeps it current. An operation listed as here may refuse parts of its input (asymmetric keys, for one) and then says so.\nGit's own \`GitPull\` and \`GitPush\` answer on git's doors.\n\n${parts.join('\n')}\n${own}`
}

if (process.argv[1]?.endsWith('api-coverage.ts')) writeFileSync('docs/api-coverage.md', apiCoverage())
