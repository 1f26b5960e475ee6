import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where the server is, who calls it, and by which CA it is believed. */
export type Settings = Readonly<{
  endpoint: URL
  /** Undefined where neither an option nor the environment nor the profile names one. */
  region: string | undefined
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  /** PEM file; undefined: the system's authorities. */
  caFile: string | undefined
}>

export type Environment = Readonly<Record<string, string | undefined>>

/** The options that every command has, as the aws command names them. */
export const connectionOptions = {
  'endpoint-url': { type: 'string' },
  region: { type: 'string' },
  profile: { type: 'string' },
  'ca-bundle': { type: 'string' },
} as const

type Options = Readonly<Partial<Record<keyof typeof connectionOptions, string>>>

/** A mistake of who types the command: its message is all that is printed. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * Finds them as the aws command does: options, then the environment, then the profile in ~/.aws.
 * @throws UsageError where there are no credentials
 */
export function readSettings(options: Options, env: Environment): Settings {
  const profile = readProfile(options.profile ?? env['AWS_PROFILE'] ?? 'default', env)
  // A profile that is asked for by name outweighs credentials of the environment.
  const fromEnvironment = options.profile === undefined && env['AWS_ACCESS_KEY_ID'] !== undefined
  const accessKeyId = fromEnvironment ? env['AWS_ACCESS_KEY_ID'] : profile['aws_access_key_id']
  const secretAccessKey = fromEnvironment ? env['AWS_SECRET_ACCESS_KEY'] : profile['aws_secret_access_key']
  const sessionToken = fromEnvironment ? env['AWS_SESSION_TOKEN'] : profile['aws_session_token']
  if (!accessKeyId || !secretAccessKey) {
    throw new UsageError('no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to an access key of an IAM user, or give --profile')
  }
  const given = options['endpoint-url'] ?? env['AWS_ENDPOINT_URL_CODECOMMIT'] ?? env['AWS_ENDPOINT_URL'] ?? profile['endpoint_url'] ?? `https://localhost:${env['CODEKEEP_PORT'] ?? '8443'}`
  if (!URL.canParse(given)) throw new UsageError(`--endpoint-url: ${given} is not a URL`)
  const endpoint = new URL(given)
  return {
    endpoint,
    region: options.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? profile['region'],
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && sessionToken !== '' && { sessionToken }),
    caFile: options['ca-bundle'] ?? env['AWS_CA_BUNDLE'] ?? profile['ca_bundle'] ?? ownAuthority(endpoint, env),
  }
}

/** On the server's own machine its CA is in the data folder. */
function ownAuthority({ hostname }: URL, env: Environment): string | undefined {
  const file = join(resolve(env['CODEKEEP_DATA_DIR'] ?? './data'), 'tls', 'ca.pem')
  return (hostname === 'localhost' || hostname === '127.0.0.1') && existsSync(file) ? file : undefined
}

/** A profile's settings: of ~/.aws/config, then of ~/.aws/credentials. */
function readProfile(name: string, env: Environment): Readonly<Record<string, string>> {
  const folder = join(env['HOME'] ?? homedir(), '.aws')
  const config = readSections(env['AWS_CONFIG_FILE'] ?? join(folder, 'config'))
  const credentials = readSections(env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(folder, 'credentials'))
  return { ...(config.get(`profile ${name}`) ?? config.get(name)), ...credentials.get(name) }
}

function readSections(file: string): Map<string, Record<string, string>> {
  const sections = new Map<string, Record<string, string>>()
  if (!existsSync(file)) return sections
  let current: Record<string, string> = {}
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    const section = /^\s*\[\s*(.+?)\s*\]/.exec(line)?.[1]
    const [, name, value] = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (section !== undefined) sections.set(section, (current = {}))
    else if (name !== undefined && value !== undefined) current[name] = value
  }
  return sections
}
