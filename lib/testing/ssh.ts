import { execFile, execFileSync, type ExecFileException } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sshHostKeyFingerprints } from '#lib/codecommit/ssh-host-keys'
import { CreateUser, PutUserPolicy, UploadSSHPublicKey } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import { rootContext } from '#lib/testing/context'

/** A private key file made by ssh-keygen, and its public half as OpenSSH writes it. */
export type SshKeyFile = Readonly<{ file: string; publicKey: string }>

/** Makes a key of the kinds that ssh-keygen knows, without a passphrase. */
export function sshKeyFile(folder: string, name: string, ...options: readonly string[]): SshKeyFile {
  const file = join(folder, name)
  execFileSync('ssh-keygen', ['-q', '-N', '', '-C', name, ...(options.length === 0 ? ['-t', 'ed25519'] : options), '-f', file])
  return { file, publicKey: readFileSync(`${file}.pub`, 'utf8').trim() }
}

/** A user with an SSH public key, and the client's side of it. */
export type SshUser = Readonly<{ name: string; sshPublicKeyId: string; identity: SshKeyFile }>

/** Makes a user who may do what the statements say (all of CodeCommit, where there are none), and who has a key. */
export async function sshUser(folder: string, name: string, keyOptions: readonly string[] = [], ...statements: object[]): Promise<SshUser> {
  const identity = sshKeyFile(folder, name, ...keyOptions)
  await invoke(CreateUser, rootContext(), { UserName: name })
  const Statement = statements.length > 0 ? statements : [{ Effect: 'Allow', Action: 'codecommit:*', Resource: '*' }]
  await invoke(PutUserPolicy, rootContext(), { UserName: name, PolicyName: 'Work', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) })
  const { SSHPublicKey } = await invoke(UploadSSHPublicKey, rootContext(), { UserName: name, SSHPublicKeyBody: identity.publicKey })
  return { name, sshPublicKeyId: SSHPublicKey.SSHPublicKeyId, identity }
}

/** The known_hosts file of a client that has been told the server's keys, and trusts no other. */
export function knownHosts(folder: string, port: number): string {
  const file = join(folder, `known_hosts-${port}`)
  writeFileSync(file, sshHostKeyFingerprints().map(({ publicKey }) => `[127.0.0.1]:${port} ${publicKey}\n`).join(''))
  return file
}

/** Options of OpenSSH's client: this key and no other, these host keys and no others, nothing of the machine's own. */
export function sshOptions({ port, identity, known }: { port: number; identity: SshKeyFile; known: string }): string[] {
  return [
    '-F', '/dev/null', '-p', String(port), '-i', identity.file,
    ...['IdentitiesOnly=yes', 'IdentityAgent=none', 'BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${known}`, 'GlobalKnownHostsFile=/dev/null', 'LogLevel=ERROR'].flatMap((option) => ['-o', option]),
  ]
}

/** What a program did. */
export type Ran = Readonly<{ code: number; stdout: string; stderr: string }>

/** Runs a program to its end, whatever it answers. */
export function run(program: string, args: readonly string[], options: { cwd?: string; env?: Record<string, string>; input?: string } = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { maxBuffer: 256 * 1024 ** 2, ...(options.cwd !== undefined && { cwd: options.cwd }), env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', ...options.env } },
      (error: ExecFileException | null, stdout, stderr) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr })
      },
    )
    // A program may end without having read it.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(options.input ?? '')
  })
}
