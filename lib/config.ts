import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'
import { remember, replaceRemembered } from '#lib/remember'

/** What the environment says, checked and with its defaults. Nothing else reads `process.env`. */
export type Config = Readonly<{
  host: string
  port: number
  sshPort: number
  /** Absolute path of everything that lasts. */
  dataDir: string
  /** Host names of clone URLs: `<domain>`, `git-codecommit.<region>.<domain>`. */
  domain: string
  /** 12 digits; undefined: drawn at first start. */
  accountId: string | undefined
  databaseUrl: string | undefined
  objectStore: ObjectStoreLocation
  rootKey: RootKeyLocation
  scratchDir: string
  /** Most bytes that working copies may take; undefined: half of what the folder has free at start. */
  scratchBytes: number | undefined
  allowPlaintextScratch: boolean
  tls: boolean
  /** Hosts (`git.example.com`, `10.0.0.5:3000`) that may be imported from though their addresses are not public. */
  importHosts: readonly string[]
  /** A PEM file of the CAs that those hosts' certificates are of; undefined: the system's. */
  importCaFile: string | undefined
  development: boolean
}>

/** What must not be printed. Read once, at first start. */
export type Secrets = Readonly<{
  rootPassword: string | undefined
  rootAccessKeyId: string | undefined
  rootSecretAccessKey: string | undefined
}>

export type ObjectStoreLocation = Readonly<{ kind: 'files' } | { kind: 's3'; bucket: string; prefix: string }>

export type RootKeyLocation = Readonly<{ kind: 'file'; path: string } | { kind: 'env'; name: string; value: string }>

/** A setting that cannot be used: the message names the variable, what is wrong and what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** The configuration of this process. */
export function config(): Config {
  return remember('config', () => parseConfig(process.env))
}

/** Puts another configuration in place: the server at start, tests. */
export function useConfig(value: Config): void {
  replaceRemembered('config', value)
}

/**
 * Reads the configuration from environment variables (design, section 3).
 * @throws ConfigError for the first variable that cannot be used.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const values = read(settings, env)
  const dataDir = resolve(values.CODEKEEP_DATA_DIR)
  return {
    host: values.CODEKEEP_HOST,
    port: values.CODEKEEP_PORT,
    sshPort: values.CODEKEEP_SSH_PORT,
    dataDir,
    domain: values.CODEKEEP_DOMAIN,
    accountId: values.CODEKEEP_ACCOUNT_ID,
    databaseUrl: values.CODEKEEP_DATABASE_URL,
    objectStore: objectStore(values.CODEKEEP_OBJECT_STORE),
    rootKey: rootKey(values.CODEKEEP_ROOT_KEY, dataDir, env),
    scratchDir: values.CODEKEEP_SCRATCH_DIR,
    scratchBytes: values.CODEKEEP_SCRATCH_BYTES,
    allowPlaintextScratch: values.CODEKEEP_ALLOW_PLAINTEXT_SCRATCH === 'yes',
    tls: values.CODEKEEP_TLS === 'on',
    importHosts: values.CODEKEEP_IMPORT_HOSTS,
    importCaFile: values.CODEKEEP_IMPORT_CA === undefined ? undefined : resolve(values.CODEKEEP_IMPORT_CA),
    development: env['NODE_ENV'] === 'development',
  }
}

/**
 * Reads what an unattended first start is given.
 * @throws ConfigError where only one half of the access key is set, or a value has not the shape AWS gives it.
 */
export function parseSecrets(env: Readonly<Record<string, string | undefined>>): Secrets {
  const values = read(secretSettings, env)
  const { CODEKEEP_ROOT_ACCESS_KEY_ID: id, CODEKEEP_ROOT_SECRET_ACCESS_KEY: secret } = values
  if ((id === undefined) !== (secret === undefined)) {
    throw new ConfigError('set CODEKEEP_ROOT_ACCESS_KEY_ID and CODEKEEP_ROOT_SECRET_ACCESS_KEY together, or neither')
  }
  return { rootPassword: values.CODEKEEP_ROOT_PASSWORD, rootAccessKeyId: id, rootSecretAccessKey: secret }
}

const port = (fallback: number) =>
  z.coerce.number('must be a port number').int('must be a port number').min(0, 'must be 0 to 65535').max(65535, 'must be 0 to 65535').default(fallback)

const settings = z.object({
  CODEKEEP_HOST: z.string().min(1).default('127.0.0.1'),
  CODEKEEP_PORT: port(8443),
  CODEKEEP_SSH_PORT: port(2222),
  CODEKEEP_DATA_DIR: z.string().min(1).default('./data'),
  CODEKEEP_DOMAIN: z
    .string()
    .regex(/^(?=.{1,200}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/, 'must be a host name in lower case')
    .default('localhost'),
  CODEKEEP_ACCOUNT_ID: z.string().regex(/^\d{12}$/, 'must be 12 digits').optional(),
  CODEKEEP_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql:// (leave it unset for SQLite in the data folder)')
    .optional(),
  CODEKEEP_OBJECT_STORE: z
    .string()
    .regex(/^s3:\/\/[a-z0-9.-]{3,63}(\/.*)?$/, 'must be s3://bucket/prefix (leave it unset for files in the data folder)')
    .optional(),
  CODEKEEP_ROOT_KEY: z.string().regex(/^(file|env|pkcs11):./, 'must begin with file:, env: or pkcs11:').optional(),
  CODEKEEP_SCRATCH_DIR: z.string().refine(isAbsolute, 'must be an absolute path').default('/dev/shm'),
  CODEKEEP_SCRATCH_BYTES: z.coerce.number('must be a number of bytes').int().min(1 << 20, 'must be at least 1048576').optional(),
  CODEKEEP_ALLOW_PLAINTEXT_SCRATCH: z.enum(['yes', 'no'], 'must be yes or no').default('no'),
  CODEKEEP_TLS: z.enum(['on', 'off'], 'must be on or off').default('on'),
  CODEKEEP_IMPORT_HOSTS: z
    .string()
    .transform((value) => value.split(',').map((entry) => entry.trim().toLowerCase()))
    .pipe(z.array(z.string().regex(/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/, 'must be hosts, separated by commas: git.example.com, 10.0.0.5:3000')))
    .default([]),
  CODEKEEP_IMPORT_CA: z.string().min(1).optional(),
})

const secretSettings = z.object({
  CODEKEEP_ROOT_PASSWORD: z.string().min(8, 'must have at least 8 characters').max(128, 'must have at most 128 characters').optional(),
  CODEKEEP_ROOT_ACCESS_KEY_ID: z.string().regex(/^\w{16,128}$/, 'must be 16 to 128 letters and digits').optional(),
  CODEKEEP_ROOT_SECRET_ACCESS_KEY: z.string().min(16, 'must have at least 16 characters').max(128, 'must have at most 128 characters').optional(),
})

function read<Schema extends z.ZodType>(schema: Schema, env: Readonly<Record<string, string | undefined>>): z.output<Schema> {
  // An empty variable is an unset one: that is what `VARIABLE= npm start` and .env files mean by it.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ConfigError(`${String(issue?.path[0])}: ${issue?.message ?? 'cannot be used'}`)
}

function objectStore(value: string | undefined): ObjectStoreLocation {
  if (value === undefined) return { kind: 'files' }
  const url = new URL(value)
  return { kind: 's3', bucket: url.hostname, prefix: url.pathname.replace(/^\/|\/$/g, '') }
}

function rootKey(value: string | undefined, dataDir: string, env: Readonly<Record<string, string | undefined>>): RootKeyLocation {
  if (value === undefined) return { kind: 'file', path: resolve(dataDir, 'root.key') }
  const place = value.slice(value.indexOf(':') + 1)
  if (value.startsWith('file:')) return { kind: 'file', path: resolve(place) }
  if (value.startsWith('pkcs11:')) {
    throw new ConfigError('CODEKEEP_ROOT_KEY: pkcs11: is not supported by this version; use file: or env:')
  }
  const key = env[place]
  if (!key) throw new ConfigError(`CODEKEEP_ROOT_KEY: the variable ${place} that it names is not set`)
  return { kind: 'env', name: place, value: key }
}
