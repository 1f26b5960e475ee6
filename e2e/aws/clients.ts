import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import type { RunningServer } from '../server.ts'

/** An access key, as the SDK takes it. */
export type Credentials = Readonly<{ accessKeyId: string; secretAccessKey: string }>

/** The root user's access key. */
export function rootCredentials(server: RunningServer): Credentials {
  return { accessKeyId: server.rootAccessKeyId, secretAccessKey: server.rootSecretAccessKey }
}

/** What any client of the AWS SDK is made with, to talk to this server: it checks the certificate against the local CA. */
export function sdkConfig(server: RunningServer, options: { credentials?: Credentials; region?: string } = {}) {
  return {
    endpoint: server.origin,
    region: options.region ?? 'us-east-2',
    credentials: options.credentials ?? rootCredentials(server),
    maxAttempts: 1,
    requestHandler: { httpsAgent: new Agent({ ca: readFileSync(server.caFile), keepAlive: true }) },
  }
}

/** What the `aws` CLI, and whatever else reads AWS's variables, is given in its environment. */
export function awsEnvironment(server: RunningServer, options: { credentials?: Credentials; region?: string } = {}): NodeJS.ProcessEnv {
  const { accessKeyId, secretAccessKey } = options.credentials ?? rootCredentials(server)
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: server.dataDir,
    NODE_ENV: 'production',
    AWS_ENDPOINT_URL: server.origin,
    AWS_CA_BUNDLE: server.caFile,
    AWS_DEFAULT_REGION: options.region ?? 'us-east-2',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_PAGER: '',
  }
}
