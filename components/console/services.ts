import { paths } from '#app/paths.ts'

/** A service of the console: where it is and what it holds. */
export type Service = Readonly<{
  name: string
  /** The path that all its pages begin with. */
  path: string
  about: string
  /** IAM's pages belong to no Region. */
  global: boolean
  home: (region: string) => string
  /** Its navigation: `within` is the path whose pages an entry stands for, `keys` the keys that go there. */
  entries: readonly Readonly<{ name: string; href: (region: string) => string; within: string; keys?: string }>[]
}>

export const services: readonly Service[] = [
  {
    name: 'CodeCommit',
    path: '/codecommit',
    about: 'Encrypted Git repositories',
    global: false,
    home: (region) => paths.repositories(region),
    entries: [
      { name: 'Repositories', href: (region) => paths.repositories(region), within: '/codecommit/repositories', keys: 'r' },
      { name: 'Imports', href: (region) => paths.createImport(region), within: '/codecommit/imports', keys: 'm' },
      { name: 'Find a repository', href: () => paths.lookup(), within: '/codecommit/lookup', keys: 'f' },
    ],
  },
  {
    name: 'IAM',
    path: '/iam',
    about: 'Users, policies and encryption keys',
    global: true,
    home: () => paths.iam(),
    entries: [
      { name: 'Dashboard', href: () => paths.iam(), within: '/iam', keys: 'i' },
      { name: 'Groups', href: () => paths.groups(), within: '/iam/groups' },
      { name: 'Users', href: () => paths.users(), within: '/iam/users', keys: 'u' },
      { name: 'Policies', href: () => paths.policies(), within: '/iam/policies', keys: 'p' },
      { name: 'Access explainer', href: () => paths.explain(), within: '/iam/access-explainer', keys: 'x' },
      { name: 'Encryption keys', href: () => paths.encryptionKeys(), within: '/iam/encryption-keys', keys: 'k' },
    ],
  },
  {
    name: 'KMS',
    path: '/kms',
    about: 'Keys, their policies and their use',
    global: false,
    home: (region) => paths.customerManagedKeys(region),
    entries: [
      { name: 'AWS managed keys', href: (region) => paths.awsManagedKeys(region), within: '/kms/aws-managed-keys', keys: 'a' },
      { name: 'Customer managed keys', href: (region) => paths.customerManagedKeys(region), within: '/kms/customer-managed-keys', keys: 'c' },
    ],
  },
  {
    name: 'CloudTrail',
    path: '/cloudtrail',
    about: 'Who did what, allowed or refused',
    global: false,
    home: (region) => paths.events(region),
    entries: [{ name: 'Event history', href: (region) => paths.events(region), within: '/cloudtrail/events', keys: 'e' }],
  },
]

/** The service that a path belongs to; undefined for the console's own pages. */
export function serviceOf(pathname: string): Service | undefined {
  return services.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`))
}
