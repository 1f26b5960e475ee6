import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { signGit } from '#lib/sigv4/git-signature'
import { signRequest } from '#lib/sigv4/sign-request'
import { type Settings, UsageError } from './settings.ts'

/** What the server refused: AWS's code and its message. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Calls an operation of CodeCommit's, signed with SigV4.
 * @throws Refused where the server says no; UsageError where it cannot be reached
 */
export async function call<Output>(settings: Settings, region: string, operation: string, input: unknown): Promise<Output> {
  const body = Buffer.from(JSON.stringify(input))
  const headers = { host: settings.endpoint.host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `CodeCommit_20150413.${operation}` }
  const unsigned = { method: 'POST', path: '/', query: '', headers: Object.entries(headers), body }
  const signed = signRequest(unsigned, { ...settings, region, service: 'codecommit', now: new Date() })
  const response = await send(settings, { method: 'POST', path: '/', headers: { ...headers, ...signed, 'content-length': String(body.length) } }, body)
  const answer = await text(response)
  const value = answer.startsWith('{') ? (JSON.parse(answer) as Record<string, string>) : {}
  if (response.statusCode === 200) return value as Output
  throw new Refused(value['__type'] ?? `HTTP ${response.statusCode ?? 0}`, value['message'] ?? value['Message'] ?? '')
}

/** Asks for something beside a repository's clone URL, signed as git's credential helpers sign. @throws UsageError */
export function get(settings: Settings, path: string, repositoryPath: string, region: string): Promise<IncomingMessage> {
  const { username, password } = gitCredentials(settings, repositoryPath, region)
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  return send(settings, { method: 'GET', path, headers: { host: settings.endpoint.host, authorization } })
}

/** User name and password for git, good for 15 minutes. */
export function gitCredentials(settings: Settings, path: string, region: string): { username: string; password: string } {
  const { accessKeyId, secretAccessKey, sessionToken, endpoint } = settings
  return {
    username: sessionToken === undefined ? accessKeyId : `${accessKeyId}%${sessionToken}`,
    password: signGit({ host: endpoint.host, path, region, secretAccessKey, now: new Date() }),
  }
}

/** The path of a repository's clone URL. */
export function repositoryPath(region: string, name: string): string {
  return `/v1/regions/${region}/repos/${name}`
}

function send(settings: Settings, options: { method: string; path: string; headers: Record<string, string> }, body?: Buffer): Promise<IncomingMessage> {
  const { endpoint, caFile } = settings
  return new Promise((resolve, reject) => {
    const sent = request(
      { ...options, hostname: endpoint.hostname.replace(/^\[|\]$/g, ''), port: endpoint.port === '' ? 443 : endpoint.port, agent: false, ...(caFile !== undefined && { ca: readFileSync(caFile) }) },
      resolve,
    )
    sent.on('error', (error) => reject(new UsageError(`${endpoint.origin} cannot be reached: ${error.message}${/certificate/.test(error.message) ? ' (AWS_CA_BUNDLE or --ca-bundle names its CA: <data>/tls/ca.pem of the server)' : ''}`)))
    sent.end(body)
  })
}
