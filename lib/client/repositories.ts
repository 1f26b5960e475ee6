import { regions } from '#lib/operation/regions'
import { call, Refused } from './call.ts'
import { type Settings, UsageError } from './settings.ts'

/** The Region of a command on one repository. @throws UsageError where none is named */
export function oneRegion({ region }: Settings): string {
  if (region === undefined) throw new UsageError('which Region? Give --region or set AWS_REGION')
  return region
}

/** Every repository's name in a Region. */
export async function repositoryNames(settings: Settings, region: string): Promise<string[]> {
  const names: string[] = []
  let nextToken: string | undefined
  do {
    const page: { repositories: { repositoryName: string }[]; nextToken?: string } = await call(settings, region, 'ListRepositories', { sortBy: 'repositoryName', order: 'ascending', ...(nextToken !== undefined && { nextToken }) })
    names.push(...page.repositories.map(({ repositoryName }) => repositoryName))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return names
}

/** The Regions of a command on every repository: the one that is named, or all. */
export function whichRegions({ region }: Settings): readonly string[] {
  return region === undefined ? regions.map(({ code }) => code) : [region]
}

/** A refusal in one line. */
export function refusalLine(error: unknown): string {
  if (error instanceof Refused) return error.message === '' ? error.code : `${error.code}: ${error.message}`
  throw error
}
