import { remember, replaceRemembered } from '#lib/remember'

/** A public host key of the SSH door, as people compare it and as programs keep it. */
export type SshHostKey = Readonly<{
  type: 'ssh-ed25519' | 'ssh-rsa'
  /** Of the key's size: 256, 3072. */
  bits: number
  /** `SHA256:…`, as OpenSSH shows it. */
  sha256: string
  /** `MD5:aa:bb:…`, as AWS publishes its own beside. */
  md5: string
  /** `ssh-ed25519 AAAA…`: a line of known_hosts without its host. */
  publicKey: string
}>

/** The host keys by which clients know the SSH door: what the console publishes. Empty before the door is open. */
export function sshHostKeyFingerprints(): readonly SshHostKey[] {
  return remember<readonly SshHostKey[]>('codecommit.ssh-host-keys', () => [])
}

/** Publishes the host keys of this process (lib/server/host-keys.ts). */
export function useSshHostKeys(keys: readonly SshHostKey[]): void {
  replaceRemembered('codecommit.ssh-host-keys', keys)
}
