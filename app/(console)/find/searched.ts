import type { Found } from '#components/console/palette-entries.ts'
import { LookupRepository } from '#lib/codecommit/repository-lists'
import { SearchRepositories } from '#lib/codecommit/search-repositories'
import { ListUsers } from '#lib/iam/api'
import { SearchKeys } from '#lib/kms/api'
import { regionName } from '#lib/operation/regions'
import { paths } from '../../paths.ts'
import type { ConsoleContext } from '../../session.ts'
import { aliasName } from '../kms/alias-name.ts'
import { ifAllowed } from './if-allowed.ts'

/** Repositories, keys and users with a text in their names, some of each, as far as policy shows them. */
export async function searched(context: ConsoleContext, text: string): Promise<Found[]> {
  const { region } = context
  const [here, anywhere, keys, users] = await Promise.all([
    ifAllowed(SearchRepositories, context, { nameContains: text }),
    ifAllowed(LookupRepository, context, { text }),
    ifAllowed(SearchKeys, context, { Text: text, Limit: mostOfEach }),
    ifAllowed(ListUsers, context, { MaxItems: 1000 }),
  ])
  const elsewhere = (anywhere?.repositories ?? []).filter((repository) => repository.region !== region)
  return [
    ...(here?.repositories ?? []).slice(0, mostOfEach).map(({ repositoryName }) => repository(repositoryName, region)),
    ...elsewhere.map(({ repositoryName, region: other }) => repository(repositoryName, other)),
    ...(keys?.Keys ?? []).map(({ KeyId, Aliases }) => ({ group: 'Encryption keys' as const, name: Aliases[0] === undefined ? KeyId : aliasName(Aliases[0]), detail: `${KeyId} in ${regionName(region)}`, href: paths.key(region, KeyId) })),
    ...(users?.Users ?? [])
      .filter(({ UserName }) => UserName.toLowerCase().includes(text.toLowerCase()))
      .slice(0, mostOfEach)
      .map(({ UserName }) => ({ group: 'Users' as const, name: UserName, detail: '', href: paths.user(UserName) })),
  ]
}

const mostOfEach = 6

function repository(name: string, region: string): Found {
  return { group: 'Repositories', name, detail: regionName(region), href: paths.repository(region, name) }
}
