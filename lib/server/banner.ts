import type { SshHostKey } from '#lib/codecommit/ssh-host-keys'
import type { Config } from '#lib/config'
import type { TlsMaterial } from './tls.ts'

/** What the terminal shows once the server answers: where it is, whom to trust, how to begin, what is not as it should be. */
export function banner(state: {
  config: Config
  tls: TlsMaterial | undefined
  sshHostKeys: readonly SshHostKey[]
  setUpToken: string | undefined
  warnings: readonly string[]
}): string {
  const { config, tls, sshHostKeys, setUpToken, warnings } = state
  const origin = originOf(config)
  const facts: [string, string][] = [
    ['console', origin],
    ['ssh', `ssh://${config.domain}:${config.sshPort}`],
    ...sshHostKeys.map(({ type, sha256 }) => ['', `${sha256} (${type === 'ssh-rsa' ? 'RSA' : 'Ed25519'})`] satisfies [string, string]),
    ['data', config.dataDir],
    ...(tls ? [['certificate', `${tls.caFile} (npx codekeep trust adds it to your system and browsers)`] satisfies [string, string]] : []),
    ...(tls ? [] : [['listening', `http://${config.host}:${config.port}, for a proxy on this machine that ends TLS`] satisfies [string, string]]),
    ...(setUpToken === undefined ? [] : [['set-up', `${origin}/set-up?token=${setUpToken} (opens once)`] satisfies [string, string]]),
  ]
  return [
    `Codekeep is ready at ${origin}`,
    ...facts.slice(1).map(([name, value]) => `  ${(name === '' ? '' : `${name}:`).padEnd(13)}${value}`),
    ...warnings.map((warning) => `  warning:     ${warning}`),
  ].join('\n')
}

function originOf({ domain, port, tls }: Config): string {
  return !tls || port === 443 ? `https://${domain}` : `https://${domain}:${port}`
}
