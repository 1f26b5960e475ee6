import { GetRepository } from '#lib/codecommit/repositories'
import type { Problem } from '#components/console/action-state.ts'
import { attempt } from '../../../../attempt.ts'
import { readQuery, readSegment, type Query } from '../../../../query.ts'
import { chosenRegion, requestContext, type ConsoleContext } from '../../../../session.ts'

/** What a page of a repository is handed by Next. */
export type RepositoryPageProps<More = unknown> = Readonly<{ params: Promise<{ name: string } & More>; searchParams: Query }>

type Metadata = Awaited<ReturnType<typeof GetRepository.handler>>['repositoryMetadata']

type OpenedPage<Name extends string> = Readonly<{
  repositoryName: string
  region: string
  context: ConsoleContext
  query: Partial<Record<Name | 'region' | 'ref', string>>
}> &
  Readonly<
    | { problem: Problem }
    | {
        problem?: undefined
        repository: Metadata
        /** What the page shows the repository at: what its URL asks for, else the default branch; undefined while it is empty. */
        at: string | undefined
      }
  >

/** What every page of a repository begins with: who asks, for which repository, at which branch, tag or commit. */
export async function openPage<Name extends string>({ params, searchParams }: RepositoryPageProps, ...names: Name[]): Promise<OpenedPage<Name>> {
  const repositoryName = readSegment((await params).name)
  const query = await readQuery<Name | 'region' | 'ref'>(searchParams, 'region', 'ref', ...names)
  const region = await chosenRegion(query.region)
  const context = await requestContext(region)
  const got = await attempt(GetRepository, context, { repositoryName })
  const common = { repositoryName, region, context, query }
  if (!got.ok) return { ...common, problem: got.problem }
  const { repositoryMetadata: repository } = got.output
  return { ...common, repository, at: query.ref ?? repository.defaultBranch }
}

/** The part of a page's URL that says at what it shows the repository; nothing for the default branch. */
export function refQuery({ query }: Readonly<{ query: Readonly<{ ref?: string }> }>): { ref?: string } {
  return query.ref === undefined ? {} : { ref: query.ref }
}
