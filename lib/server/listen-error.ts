import { ConfigError } from '#lib/config'

/** Why an address cannot be listened on, in terms of the settings that name it. */
export function listenError(error: Error & { code?: string }, { variable, host, port }: { variable: string; host: string; port: number }): ConfigError {
  return new ConfigError(explain(error, variable, host, port), { cause: error })
}

function explain(error: Error & { code?: string }, variable: string, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `${variable}: port ${port} on ${host} is in use by another program; stop it, or choose another port`
    case 'EACCES':
      return `${variable}: port ${port} may not be used by this user; choose one above 1023`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `CODEKEEP_HOST: ${host} is not an address of this machine`
    default:
      return `CODEKEEP_HOST, ${variable}: cannot listen on ${host}:${port} (${error.message})`
  }
}
