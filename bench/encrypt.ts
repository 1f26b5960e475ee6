import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { createServer } from 'node:net'
import { CreateKeyCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import type { RunningServer } from '../e2e/server.ts'
import { raw } from './raw-client.ts'
import type { Row } from './row.ts'

/**
 * `Encrypt` with SigV4, policy and a durable event, requests a second, against moto's server, which does none of the three.
 *
 * Requests are signed beforehand by the SDK and replayed, so that what is measured is the servers and not the client.
 */
export async function encryptRow(server: RunningServer): Promise<Row[]> {
  const ca = readFileSync(server.caFile)
  const agent = new Agent({ ca, keepAlive: true, maxSockets: 32 })
  const ours = await signedEncrypts(server.origin, server.rootAccessKeyId, server.rootSecretAccessKey, ca)
  const codekeep = await requestsPerSecond(() => raw({ ...ours, agent }))
  const moto = await startMoto()
  if (!moto) {
    return [{ name: 'Encrypt', codekeep: `${codekeep.toFixed(0)}/s`, peer: '-', peerName: 'moto_server is not on this machine: skipped', ratio: '-', allowed: '8x or more' }]
  }
  try {
    const theirs = await signedEncrypts(moto.origin, 'AKIAIOSFODNN7EXAMPLE', 'secret')
    const peer = await requestsPerSecond(() => raw(theirs))
    return [{ name: 'Encrypt', codekeep: `${codekeep.toFixed(0)}/s`, peer: `${peer.toFixed(0)}/s`, peerName: 'moto_server (HTTP)', ratio: `${(codekeep / peer).toFixed(1)}x`, allowed: '8x or more' }]
  } finally {
    moto.process.kill()
  }
}

const inFlight = 32
const measuredSeconds = 5

async function requestsPerSecond(request: () => Promise<{ status: number }>): Promise<number> {
  for (let i = 0; i < 200; i++) await request()
  let answered = 0
  const end = performance.now() + measuredSeconds * 1000
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (performance.now() < end) {
        const { status } = await request()
        if (status !== 200) throw new Error(`Encrypt answers ${status}`)
        answered += 1
      }
    }),
  )
  return answered / measuredSeconds
}

/** A key, and one signed `Encrypt` with it: a signature is good for 15 minutes and any number of times. */
async function signedEncrypts(endpoint: string, accessKeyId: string, secretAccessKey: string, ca?: Buffer) {
  const client = new KMSClient({
    endpoint,
    region: 'us-east-2',
    credentials: { accessKeyId, secretAccessKey },
    requestHandler: ca ? { httpsAgent: new Agent({ ca }) } : {},
  })
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}))
  let signed: { headers: Record<string, string>; body: string } | undefined
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { headers: Record<string, string>; body: string }
      signed = { headers: { ...request.headers }, body: request.body }
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
  await client.send(new EncryptCommand({ KeyId: KeyMetadata?.Arn, Plaintext: Buffer.alloc(32, 7), EncryptionContext: { purpose: 'bench' } }))
  client.destroy()
  if (!signed) throw new Error('the SDK signed nothing')
  return { url: endpoint, method: 'POST', headers: signed.headers, body: Buffer.from(signed.body) }
}

async function startMoto(): Promise<{ origin: string; process: ChildProcess } | null> {
  if (spawnSync('moto_server', ['--version']).error) return null
  const port = await freePort()
  const process = spawn('moto_server', ['-p', String(port)], { stdio: 'ignore' })
  const origin = `http://127.0.0.1:${port}`
  for (let i = 0; i < 150; i++) {
    if (await raw({ url: `${origin}/moto-api/`, method: 'GET', headers: {}, body: null }).then(() => true, () => false)) return { origin, process }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  process.kill()
  return null
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
