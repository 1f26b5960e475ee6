import { paths } from '#app/paths.ts'
import type { Region } from './region.ts'
import { services } from './services.ts'

/** Something that the server found for a text. */
export type Found = Readonly<{ group: 'Found' | 'Repositories' | 'Encryption keys' | 'Users'; name: string; detail: string; href: string }>

/** One line of the palette: a place to go, or something to do. */
export type Entry = Readonly<{
  group: Found['group'] | 'Pages' | 'Actions' | 'Regions'
  name: string
  detail: string
  href?: string
  /** What choosing it does, where it is no place. */
  act?: 'light' | 'dark' | 'system' | 'sign-out' | 'copy-link'
  /** The Region that choosing it goes to. */
  region?: string
}>

/** The entries that are the same for every text: pages, things to do, Regions. */
export function fixedEntries(region: string, regions: readonly Region[], userName: string | undefined): Entry[] {
  const pages = services.flatMap(({ name: service, entries }) => entries.map(({ name, href, keys }) => ({ group: 'Pages' as const, name, detail: keys === undefined ? service : `${service} · g ${keys}`, href: href(region) })))
  return [
    { group: 'Pages', name: 'Console home', detail: 'g h', href: paths.home() },
    ...pages,
    { group: 'Actions', name: 'Create repository', detail: 'CodeCommit', href: paths.createRepository(region) },
    { group: 'Actions', name: 'Create key', detail: 'KMS', href: paths.createKey(region) },
    { group: 'Actions', name: 'Create user', detail: 'IAM', href: paths.createUser() },
    { group: 'Actions', name: 'Create policy', detail: 'IAM', href: paths.createPolicy() },
    ...(userName === undefined ? [] : [{ group: 'Actions' as const, name: 'My security credentials', detail: 'Password, access keys, SSH keys, Git credentials', href: paths.user(userName, 'security-credentials') }]),
    { group: 'Actions', name: 'Events that policy refused', detail: 'CloudTrail', href: paths.events(region, { Outcome: 'AccessDenied' }) },
    { group: 'Actions', name: 'Copy the link to this page', detail: '', act: 'copy-link' },
    { group: 'Actions', name: 'Appearance: light', detail: '', act: 'light' },
    { group: 'Actions', name: 'Appearance: dark', detail: '', act: 'dark' },
    { group: 'Actions', name: 'Appearance: as the system', detail: '', act: 'system' },
    { group: 'Actions', name: 'Sign out', detail: '', act: 'sign-out' },
    ...regions.map(({ code, name }) => ({ group: 'Regions' as const, name, detail: code, region: code })),
  ]
}

/** Entries with every word of a text in them; without a text, all but the Regions. Names that begin with it come first. */
export function matching(entries: readonly Entry[], text: string): Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return entries.filter(({ group }) => group !== 'Regions')
  const begins = ({ name }: Entry) => (name.toLowerCase().startsWith(words.join(' ')) ? 0 : 1)
  const found = entries.filter(({ name, detail, group }) => words.every((word) => `${group} ${name} ${detail}`.toLowerCase().includes(word)))
  return order.flatMap((group) => found.filter((entry) => entry.group === group).sort((one, other) => begins(one) - begins(other)))
}

/** True for a text that names one thing by itself: an ARN, an ID. */
export function isIdentifier(text: string): boolean {
  return /^arn:|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[0-9a-f]{40}$/i.test(text.trim())
}

const order: readonly Entry['group'][] = ['Found', 'Repositories', 'Encryption keys', 'Users', 'Pages', 'Actions', 'Regions']
