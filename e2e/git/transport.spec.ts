import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { request } from 'node:http'
import { createConnection } from 'node:net'
import { networkInterfaces } from 'node:os'
import { connect } from 'node:tls'
import { expect, test } from '../fixtures.ts'
import { home } from '../regions.ts'
import { startServer } from '../server.ts'

test.describe('Rule 1: Repository data travels only over HTTPS or SSH', () => {
  test('clone URLs are https:// and ssh://; with them real git pushes and pulls', async ({ makeRepository, asUser }) => {
    const { cloneUrlHttp, cloneUrlSsh } = await makeRepository()
    expect(new URL(cloneUrlHttp).protocol).toBe('https:')
    expect(new URL(cloneUrlSsh).protocol).toBe('ssh:')
    const alice = await asUser()
    const working = await alice.git.makeRepository('work', { 'README.md': 'over HTTPS' })
    await alice.git.git(['push', cloneUrlHttp, 'main'], { cwd: working })
    const keyId = await alice.uploadSshKey()
    await alice.git.git(['clone', cloneUrlSsh.replace('ssh://', `ssh://${keyId}@`), 'by-ssh'])
    expect(readFileSync(`${alice.git.folder}/by-ssh/README.md`, 'utf8')).toBe('over HTTPS')
  })

  test('the same address without TLS, or by git’s own protocol, gives nothing', async ({ server, makeRepository, asUser }) => {
    const { cloneUrlHttp, name } = await makeRepository()
    const alice = await asUser()
    const { userName, password } = alice.gitCredentials
    const url = new URL(cloneUrlHttp)
    const inTheClear = `http://${encodeURIComponent(userName)}:${encodeURIComponent(password)}@${url.host}${url.pathname}`
    expect((await alice.git.run(['ls-remote', inTheClear])).code).not.toBe(0)
    expect((await alice.git.run(['ls-remote', `git://${url.host}${url.pathname}`])).code).not.toBe(0)
    const heard = await plainAnswer(server.port, `GET ${url.pathname}/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    expect(heard).not.toContain(name)
    expect(heard).not.toContain('200')
  })

  test('the server listens on its HTTPS and SSH ports and on no other', async ({ server, makeRepository }) => {
    test.skip(process.platform !== 'linux', 'SKIPPED: which ports a process listens on is read from /proc, which only Linux has')
    const { cloneUrlSsh } = await makeRepository()
    expect(listeningPorts(server.pid).sort()).toEqual([server.port, Number(new URL(cloneUrlSsh).port)].sort())
  })

  test('TLS 1.2 and 1.3 are spoken, older versions are not', async ({ server }) => {
    const protocolOf = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
      new Promise<string>((resolve) => {
        // Without @SECLEVEL=0 it would be this client that refuses TLS 1.1.
        const options = { ca: readFileSync(server.caFile), ciphers: 'DEFAULT@SECLEVEL=0', minVersion: version, maxVersion: version } as const
        const socket = connect({ host: '127.0.0.1', servername: 'localhost', port: server.port, ...options }, () => {
          resolve(socket.getProtocol() ?? 'none')
          socket.destroy()
        }).on('error', (error: Error & { code?: string }) => resolve(`refused: ${error.code ?? error.message}`))
      })
    expect(await protocolOf('TLSv1.3')).toBe('TLSv1.3')
    expect(await protocolOf('TLSv1.2')).toBe('TLSv1.2')
    expect(await protocolOf('TLSv1.1')).toMatch(/^refused: /)
  })

  test('git does not talk to whoever cannot show a certificate of the server’s CA', async ({ makeRepository, asUser }) => {
    const { cloneUrlHttp } = await makeRepository()
    const alice = await asUser()
    const { code, stderr } = await alice.git.run(['ls-remote', cloneUrlHttp], { environment: { GIT_SSL_CAINFO: '/etc/ssl/certs/ca-certificates.crt' } })
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/certificate/)
    expect((await alice.git.run(['ls-remote', cloneUrlHttp])).code).toBe(0)
  })

  test('AWS’s own form of host name works where it resolves, with a certificate for it', async ({ server, makeRepository, asUser }) => {
    const { name, region } = await makeRepository()
    const alice = await asUser()
    const host = `git-codecommit.${region}.localhost`
    const { userName, password } = alice.gitCredentials
    // Real git resolves *.localhost; its credentials are kept by host.
    const url = `https://${encodeURIComponent(userName)}:${encodeURIComponent(password)}@${host}:${server.port}/v1/repos/${name}`
    const working = await alice.git.makeRepository('work', { 'a.txt': 'a' })
    await alice.git.git(['push', url, 'main'], { cwd: working })
    expect(await alice.git.git(['ls-remote', url, 'refs/heads/main'])).toContain('refs/heads/main')
  })

  test('behind a proxy that ends TLS only this machine may connect, and only for what came over HTTPS', async () => {
    const proxied = await startServer({ environment: { CODEKEEP_TLS: 'off', CODEKEEP_HOST: '0.0.0.0' } })
    try {
      const path = `/v1/regions/${home}/repos/demo/info/refs?service=git-upload-pack`
      const get = (headers: Record<string, string>, host = '127.0.0.1') =>
        new Promise<string>((resolve) => {
          request({ host, port: proxied.port, path, headers, agent: false }, (response) => {
            let text = ''
            response.on('data', (chunk: Buffer) => (text += chunk.toString()))
            response.on('end', () => resolve(`${String(response.statusCode)} ${text}`))
          })
            .on('error', (error: Error & { code?: string }) => resolve(`no answer: ${error.code ?? error.message}`))
            .end()
        })
      expect(await get({})).toMatch(/^403 .*HTTPS only/)
      expect(await get({ 'x-forwarded-proto': 'http' })).toMatch(/^403 .*HTTPS only/)
      expect(await get({ 'x-forwarded-proto': 'https' })).toMatch(/^401 /)
      const outside = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []).find(({ internal, family }) => !internal && family === 'IPv4')
      if (outside) expect(await get({ 'x-forwarded-proto': 'https' }, outside.address)).toMatch(/^no answer: /)
      else console.warn('SKIPPED: this machine has no address but loopback, so nobody can connect from outside')
    } finally {
      await proxied[Symbol.asyncDispose]()
    }
  })

  test('SSH offers git and nothing else', async ({ makeRepository, asUser }) => {
    const { cloneUrlSsh, region } = await makeRepository()
    const alice = await asUser()
    const keyId = await alice.uploadSshKey()
    const { port } = new URL(cloneUrlSsh)
    const ssh = async (...command: string[]) => {
      const sshCommand = await alice.git.git(['config', 'core.sshCommand'])
      const [program = 'ssh', ...options] = sshCommand.split(' ')
      try {
        return execFileSync(program, [...options, '-p', port, `${keyId}@localhost`, ...command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 })
      } catch (error) {
        const { stdout, stderr } = error as { stdout: string; stderr: string }
        return `refused: ${stdout}${stderr}`
      }
    }
    expect(await ssh()).toContain('You have successfully authenticated over SSH')
    expect(await ssh('cat', '/etc/passwd')).toMatch(/^refused: /)
    expect(await ssh('git-upload-archive', `/v1/regions/${region}/repos/x`)).toMatch(/^refused: /)
    expect(await ssh("git-upload-pack '/etc'")).toMatch(/^refused: /)
  })
})

/** What a server says to bytes that are no TLS; '' where it hangs up. */
function plainAnswer(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = createConnection(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => (heard += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(heard))
  })
}

/** Ports that a process listens on, by the sockets it has open. */
function listeningPorts(pid: number): number[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        return []
      }
    }),
  )
  const rows = ['tcp', 'tcp6'].flatMap((kind) => readFileSync(`/proc/${pid}/net/${kind}`, 'utf8').split('\n').slice(1))
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/)
    return state === '0A' && inodes.has(inode) ? [Number.parseInt(local.split(':')[1] ?? '', 16)] : []
  })
}
