import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { createServer } from 'node:net'
import { CreateKeyCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import type { RunningServer } from '../e2e/server.ts'
import type { Load } from './load.ts'
import { raw } from './raw-client.ts'
import { requestsPerSecond } from './requests-per-second.ts'
import { median, type Row } from './row.ts'

/**
 * `Encrypt` with SigV4, policy and a durable event, requests a second, against moto's server, which does none of the three.
 *
 * Requests are signed beforehand by the SDK and replayed by a client that costs little, so that what is measured is the
 * servers. In turn, so that both see the same machine.
 */
export async function encryptRow(server: RunningServer): Promise<Row[]> {
  const ca = readFileSync(server.caFile)
  const ours = await signedEncrypt(server.origin, server.rootAccessKeyId, server.rootSecretAccessKey, ca)
  const moto = await startMoto()
  const peerName = moto ? 'moto_server (HTTP)' : 'moto_server is not on this machine: skipped'
  try {
    const theirs = moto && (await signedEncrypt(moto.origin, 'AKIAIOSFODNN7EXAMPLE', 'secret'))
    const [codekeep, peer]: [number[], number[]] = [[], []]
    for (let run = 0; run < runs; run++) {
      if (theirs) peer.push(await requestsPerSecond(theirs))
      codekeep.push(await requestsPerSecond(ours))
    }
    const [a, b] = [median(codekeep), median(peer)]
    return [{ name: 'Encrypt', codekeep: `${a.toFixed(0)}/s`, peer: theirs ? `${b.toFixed(0)}/s` : '-', peerName, ratio: theirs ? `${(a / b).toFixed(1)}x` : '-', allowed: '8x or more' }]
  } finally {
    moto?.process.kill()
  }
}

const runs = 3
const connections = 32
const warmUpSeconds = 2
const measuredSeconds = 5

/** A key, and one signed `Encrypt` with it: a signature is good for 15 minutes and any number of times. */
export async function signedEncrypt(endpoint: string, accessKeyId: string, secretAccessKey: string, ca?: Buffer): Promise<Load> {
  const client = new KMSClient({
    endpoint,
    region: 'us-east-2',
    credentials: { accessKeyId, secretAccessKey },
    requestHandler: ca ? { httpsAgent: new Agent({ ca }) } : {},
  })
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}))
  let signed: { headers: Record<string, string>; body: Buffer } | undefined
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { headers: Record<string, string>; body: string | Uint8Array }
      signed = { headers: { ...request.headers }, body: Buffer.from(request.body) }
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
  await client.send(new EncryptCommand({ KeyId: KeyMetadata?.Arn, Plaintext: Buffer.alloc(32, 7), EncryptionContext: { purpose: 'bench' } }))
  client.destroy()
  if (!signed) throw new Error('the SDK signed nothing')
  const { hostname, port } = new URL(endpoint)
  const head = Object.entries(signed.headers).map(([name, value]) => `${name}: ${value}`)
  return {
    host: hostname,
    port: Number(port),
    ca: ca?.toString() ?? null,
    request: ['POST / HTTP/1.1', ...head, '', signed.body.toString('latin1')].join('\r\n'),
    connections,
    warmUpSeconds,
    seconds: measuredSeconds,
  }
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
