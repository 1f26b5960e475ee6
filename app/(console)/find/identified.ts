import type { Found } from '#components/console/palette-entries.ts'
import { SearchEvents } from '#lib/cloudtrail/history'
import { GetCommit } from '#lib/codecommit/content'
import { LookupRepository } from '#lib/codecommit/repository-lists'
import { SearchRepositories } from '#lib/codecommit/search-repositories'
import { GetGroup, GetPolicy, GetUser } from '#lib/iam/api'
import { DescribeKey, SearchKeys } from '#lib/kms/api'
import { parseArn } from '#lib/operation/arn'
import { globalRegion, isRegion, regionName } from '#lib/operation/regions'
import { paths } from '../../paths.ts'
import type { ConsoleContext } from '../../session.ts'
import { ifAllowed } from './if-allowed.ts'

/** Where to look first: the Regions used lately, and the repository whose page is open. */
export type Near = Readonly<{ regions: readonly string[]; repositoryName?: string }>

/** The thing that an identifier names (an ARN; the ID of a repository, a key, an event, a commit), as far as policy shows it. */
export async function identified(context: ConsoleContext, text: string, near: Near): Promise<Found[]> {
  if (text.startsWith('arn:')) return ofArn(context, text)
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return ofUuid(context, text.toLowerCase(), near)
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)) return ofCommit(context, text.toLowerCase(), near)
  return []
}

async function ofArn(context: ConsoleContext, arn: string): Promise<Found[]> {
  const { service, region = '', resource = '' } = parseArn(arn) ?? {}
  const there = { ...context, region: isRegion(region) ? region : context.region }
  const name = resource.split('/').at(-1) ?? ''
  if (service === 'codecommit') return repositories(context, arn)
  if (service === 'kms') {
    const described = await ifAllowed(DescribeKey, there, { KeyId: arn })
    return described ? [key(there.region, described.KeyMetadata.KeyId)] : []
  }
  if (service !== 'iam') return []
  if (resource.startsWith('user/')) return (await ifAllowed(GetUser, context, { UserName: name })) ? [{ group: 'Found', name, detail: 'User', href: paths.user(name) }] : []
  if (resource.startsWith('group/')) return (await ifAllowed(GetGroup, context, { GroupName: name })) ? [{ group: 'Found', name, detail: 'Group', href: paths.group(name) }] : []
  if (resource.startsWith('policy/')) return (await ifAllowed(GetPolicy, context, { PolicyArn: arn })) ? [{ group: 'Found', name, detail: 'Policy', href: paths.policy(arn) }] : []
  return []
}

async function ofUuid(context: ConsoleContext, id: string, { regions }: Near): Promise<Found[]> {
  const repository = await repositories(context, id)
  if (repository.length > 0) return repository
  for (const region of regions) {
    const keys = await ifAllowed(SearchKeys, { ...context, region }, { Text: id })
    if (keys?.Keys.some(({ KeyId }) => KeyId === id)) return [key(region, id)]
  }
  for (const region of new Set([...regions, globalRegion])) {
    const found = await ifAllowed(SearchEvents, { ...context, region }, { EventId: id })
    const [event] = found?.Events ?? []
    if (event) return [{ group: 'Found', name: event.EventName, detail: `Event in ${regionName(region)}`, href: paths.event(region, id) }]
  }
  return []
}

/** Commits are in no index: the open repository is asked first, then some others of the Region. */
async function ofCommit(context: ConsoleContext, commitId: string, { repositoryName }: Near): Promise<Found[]> {
  const listed = await ifAllowed(SearchRepositories, context, {})
  const names = new Set([...(repositoryName === undefined ? [] : [repositoryName]), ...(listed?.repositories ?? []).map((repository) => repository.repositoryName)])
  for (const name of [...names].slice(0, mostRepositories)) {
    const found = await ifAllowed(GetCommit, context, { repositoryName: name, commitId })
    if (found) return [{ group: 'Found', name: commitId.slice(0, 10), detail: `Commit of ${name}`, href: paths.commit(context.region, name, commitId) }]
  }
  return []
}

const mostRepositories = 20

async function repositories(context: ConsoleContext, text: string): Promise<Found[]> {
  const found = await ifAllowed(LookupRepository, context, { text })
  return (found?.repositories ?? []).map(({ repositoryName, region }) => ({
    group: 'Found',
    name: repositoryName,
    detail: `Repository in ${regionName(region)}`,
    href: paths.repository(region, repositoryName),
  }))
}

function key(region: string, keyId: string): Found {
  return { group: 'Found', name: keyId, detail: `Key in ${regionName(region)}`, href: paths.key(region, keyId) }
}
