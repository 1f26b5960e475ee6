import { isIPv4, isIPv6 } from 'node:net'

/** A CIDR block: the network's bytes (4 or 16) and how many leading bits count. */
export type IpRange = Readonly<{ network: readonly number[]; bits: number }>

/** Reads `203.0.113.0/24`, `2001:db8::/32` or a bare address (one host); null for anything else. */
export function parseIpRange(text: string): IpRange | null {
  const [address = '', mask, ...rest] = text.split('/')
  const network = addressBytes(address)
  if (!network || rest.length > 0) return null
  const most = network.length * 8
  if (mask === undefined) return { network, bits: most }
  if (!/^\d{1,3}$/.test(mask) || Number(mask) > most) return null
  return { network, bits: Number(mask) }
}

/** True when the address lies in the range; false for text that is no address, and between IPv4 and IPv6. */
export function isInRange(range: IpRange, address: string): boolean {
  const bytes = addressBytes(address)
  if (bytes?.length !== range.network.length) return false
  return bytes.every((byte, index) => {
    const counting = Math.min(8, Math.max(0, range.bits - index * 8))
    const mask = (0xff00 >> counting) & 0xff
    return ((byte ^ (range.network[index] ?? 0)) & mask) === 0
  })
}

/** The bytes of an address; an IPv4-mapped IPv6 one, as a dual-stack socket reports it, is the IPv4 address it stands for. */
function addressBytes(address: string): number[] | null {
  if (isIPv4(address)) return address.split('.').map(Number)
  if (!isIPv6(address) || address.includes('%')) return null
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const hex = dotted
    ? `${dotted[1] ?? ''}${pair(dotted[2], dotted[3])}:${pair(dotted[4], dotted[5])}`
    : address
  const [left = '', right] = hex.split('::')
  const head = groups(left)
  const tail = right === undefined ? [] : groups(right)
  const all = [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
  const bytes = all.flatMap((group) => [group >> 8, group & 0xff])
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
  return mapped ? bytes.slice(12) : bytes
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}

function pair(high = '0', low = '0'): string {
  return ((Number(high) << 8) | Number(low)).toString(16)
}
