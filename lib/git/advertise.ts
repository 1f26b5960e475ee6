import { encodeName } from '#lib/git/name'
import { flushPkt, pktLine } from '#lib/git/pkt-line'
import { headRef, sortedRefs, zeroOid, type Refs } from '#lib/git/refs'

/** The version of git's wire protocol that a client asked for. */
export type ProtocolVersion = 0 | 1 | 2
export type Service = 'git-upload-pack' | 'git-receive-pack'

/**
 * Reads `Git-Protocol: version=2` (HTTP) or `GIT_PROTOCOL` (SSH): a colon-separated list in which the highest known
 * version counts, as in git's determine_protocol_version_server(). Anything else is version 0.
 */
export function gitProtocolVersion(value: string | undefined): ProtocolVersion {
  let version: ProtocolVersion = 0
  for (const item of value?.split(':') ?? []) {
    if (item === 'version=2') version = 2
    else if (item === 'version=1' && version < 1) version = 1
  }
  return version
}

/** What smart HTTP puts before an advertisement of version 0 or 1 (gitprotocol-http(5)); version 2 has none. */
export function serviceHeader(service: Service, protocol: ProtocolVersion): Buffer {
  if (protocol === 2 && service === 'git-upload-pack') return Buffer.alloc(0)
  return Buffer.concat([pktLine(`# service=${service}\n`), flushPkt])
}

/**
 * The refs that upload-pack tells, in protocol 0 or 1, as git 2.39 would for a repository with the configuration of
 * {@link file://./bare-repository.ts}: filters and any object ID may be asked for.
 *
 * `statelessRpc` is smart HTTP, which adds `no-done`. An empty repository has no line to hang the capabilities on, and
 * git before 2.42 sends none; so do we.
 */
export function advertiseUploadPack(
  refs: Refs,
  options: Readonly<{ protocol: 0 | 1; statelessRpc: boolean; agent: string }>,
): Buffer {
  const head = headRef(refs)
  const capabilities = [
    'multi_ack thin-pack side-band side-band-64k ofs-delta shallow deepen-since deepen-not deepen-relative',
    'no-progress include-tag multi_ack_detailed allow-tip-sha1-in-want allow-reachable-sha1-in-want',
    ...(options.statelessRpc ? ['no-done'] : []),
    ...(head === null || refs.head === null ? [] : [`symref=HEAD:${refs.head}`]),
    'filter object-format=sha1',
    agentCapability(options.agent),
  ].join(' ')

  const lines: [oid: string, name: string][] = head === null ? [] : [[head.oid, 'HEAD']]
  for (const [name, { oid, peeled }] of sortedRefs(refs)) {
    lines.push([oid, name])
    if (peeled !== undefined) lines.push([peeled, `${name}^{}`])
  }
  return advertisement(lines, capabilities, options.protocol)
}

/**
 * The refs that receive-pack tells before a push. Push has no version 2: a client that asks for it gets version 0.
 *
 * `noThin` asks the client for packs without bases of ours, for a server that would have to open them first.
 */
export function advertiseReceivePack(
  refs: Refs,
  options: Readonly<{ protocol: ProtocolVersion; agent: string; pushOptions?: boolean; noThin?: boolean }>,
): Buffer {
  const capabilities = [
    'report-status report-status-v2 delete-refs side-band-64k quiet atomic ofs-delta',
    ...(options.pushOptions === true ? ['push-options'] : []),
    ...(options.noThin === true ? ['no-thin'] : []),
    'object-format=sha1',
    agentCapability(options.agent),
  ].join(' ')
  const lines = sortedRefs(refs).map(([name, { oid }]): [string, string] => [oid, name])
  return advertisement(
    lines.length === 0 ? [[zeroOid, 'capabilities^{}']] : lines,
    capabilities,
    options.protocol === 1 ? 1 : 0,
  )
}

/**
 * The capabilities of protocol 2 (gitprotocol-v2(5)). `objectInfo` is off, as in git from 2.40; Debian's 2.39 still says
 * it. A client may use only what is told here.
 */
export function advertiseV2(options: Readonly<{ agent: string; objectInfo?: boolean }>): Buffer {
  const lines = [
    'version 2',
    agentCapability(options.agent),
    'ls-refs=unborn',
    'fetch=shallow wait-for-done filter',
    'server-option',
    'object-format=sha1',
    ...(options.objectInfo === true ? ['object-info'] : []),
  ]
  return Buffer.concat([...lines.map((line) => pktLine(`${line}\n`)), flushPkt])
}

function advertisement(lines: readonly [oid: string, name: string][], capabilities: string, protocol: 0 | 1): Buffer {
  const packets = protocol === 1 ? [pktLine('version 1\n')] : []
  for (const [index, [oid, name]] of lines.entries()) {
    const line = [Buffer.from(`${oid} `), encodeName(name)]
    if (index === 0) line.push(Buffer.from('\0'), encodeName(capabilities))
    packets.push(pktLine(Buffer.concat([...line, Buffer.from('\n')])))
  }
  return Buffer.concat([...packets, flushPkt])
}

/** As git's own git_user_agent_sanitized(): a capability cannot hold a space. */
function agentCapability(agent: string): string {
  return `agent=${agent.trim().replace(/[^\x21-\x7e]/g, '.')}`
}
