import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail'
import { CodeCommitClient } from '@aws-sdk/client-codecommit'
import { IAMClient } from '@aws-sdk/client-iam'
import { KMSClient } from '@aws-sdk/client-kms'
import { STSClient } from '@aws-sdk/client-sts'
import type { RunningServer } from './server.ts'

/** An access key, as the SDK takes it. */
export type AccessKey = Readonly<{ accessKeyId: string; secretAccessKey: string }>

export type AwsClients = Readonly<{
  region: string
  kms: KMSClient
  codecommit: CodeCommitClient
  cloudtrail: CloudTrailClient
  iam: IAMClient
  sts: STSClient
}>

/** The AWS SDK for JavaScript, told only where the server is and whose certificate to believe. It tries each call once. */
export function awsClients(server: RunningServer, credentials: AccessKey, region: string): AwsClients {
  const common = {
    endpoint: server.origin,
    credentials,
    maxAttempts: 1,
    requestHandler: { httpsAgent: new Agent({ ca: readFileSync(server.caFile), keepAlive: true, maxSockets: 100 }), requestTimeout: 60_000 },
  }
  return {
    region,
    kms: new KMSClient({ ...common, region }),
    codecommit: new CodeCommitClient({ ...common, region }),
    cloudtrail: new CloudTrailClient({ ...common, region }),
    // Global services are signed for us-east-1.
    iam: new IAMClient({ ...common, region: 'us-east-1' }),
    sts: new STSClient({ ...common, region: 'us-east-1' }),
  }
}

/** The root user's clients. */
export function rootClients(server: RunningServer, region: string): AwsClients {
  return awsClients(server, { accessKeyId: server.rootAccessKeyId, secretAccessKey: server.rootSecretAccessKey }, region)
}

/** What a call was refused with: AWS's code, and the sentence. */
export type Refusal = Readonly<{ name: string; message: string; status: number | undefined }>

/** The refusal of a call that must be refused. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const outcome = await call.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  )
  if (!('error' in outcome)) throw new Error(`the call was not refused; it answered ${JSON.stringify(outcome.answer).slice(0, 500)}`)
  const { error } = outcome
  if (!(error instanceof Error) || !('$metadata' in error)) throw error
  const { httpStatusCode } = error.$metadata as { httpStatusCode?: number }
  return { name: error.name, message: error.message, status: httpStatusCode }
}
