import { createHash } from 'node:crypto'
import { basic, rawRequest } from './raw-request.ts'
import type { RunningServer } from './server.ts'
import type { TestUser } from './users.ts'

/** 40 zeros: the object ID of what is not. */
export const zeroOid = '0'.repeat(40)

/** A line of a push: set this ref from the old to the new object ID. */
export type RawCommand = Readonly<{ ref: string | Uint8Array; oldOid?: string; newOid: string }>

/** The body of a push as git's protocol has it (gitprotocol-pack), for what git itself would not send. */
export function pushBody(commands: readonly RawCommand[], pack: Uint8Array = new Uint8Array(), capabilities = 'report-status'): Buffer {
  const lines = commands.map(({ ref, oldOid = zeroOid, newOid }, index) => {
    const line = Buffer.concat([Buffer.from(`${oldOid} ${newOid} `), Buffer.from(ref), Buffer.from(index === 0 ? `\0 ${capabilities}` : '')])
    return Buffer.concat([Buffer.from((line.length + 4).toString(16).padStart(4, '0')), line])
  })
  return Buffer.concat([...lines, Buffer.from('0000'), pack])
}

/** Pushes by hand; gives the server's answer as text. */
export async function rawPush(server: RunningServer, user: TestUser, cloneUrl: string, body: Uint8Array): Promise<{ status: number; text: string }> {
  const { userName, password } = user.gitCredentials
  const headers = { ...basic(userName, password), 'content-type': 'application/x-git-receive-pack-request', 'content-length': String(body.length) }
  return rawRequest(server, `${new URL(cloneUrl).pathname}/git-receive-pack`, { method: 'POST', headers, body })
}

/** A pack with its last 20 bytes, its checksum, made right again. */
export function withChecksum(pack: Uint8Array): Buffer {
  const content = pack.subarray(0, -20)
  return Buffer.concat([content, createHash('sha1').update(content).digest()])
}
