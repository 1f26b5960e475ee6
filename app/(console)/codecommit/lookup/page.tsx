import type { Metadata } from 'next'
import { LookupTable } from '#components/codecommit/lookup-table.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Button } from '#components/ui/button.tsx'
import { Input } from '#components/ui/field.tsx'
import { LookupRepository } from '#lib/codecommit/repository-lists'
import { regionName } from '#lib/operation/regions'
import { attempt } from '../../../attempt.ts'
import { readQuery, type Query } from '../../../query.ts'
import { chosenRegion, requestContext } from '../../../session.ts'

export const metadata: Metadata = { title: 'Find a repository' }

export default async function LookupPage({ searchParams }: { searchParams: Query }) {
  const { text, region } = await readQuery(searchParams, 'text', 'region')
  const found = text === undefined ? undefined : await attempt(LookupRepository, await requestContext(await chosenRegion(region)), { text })
  return (
    <>
      <PageHeader title="Find a repository" description="By its name, its repository ID or its ARN, in all Regions." />
      <form method="get" className="flex max-w-2xl items-end gap-2">
        <div className="grow">
          <Input name="text" label="Repository name, ID or ARN" defaultValue={text ?? ''} key={text} data-find="" required maxLength={2048} />
        </div>
        <Button type="submit" variant="primary" className="min-h-8">
          Find
        </Button>
      </form>
      {found &&
        (found.ok ? (
          <LookupTable repositories={found.output.repositories.map((repository) => ({ ...repository, regionName: regionName(repository.region) }))} />
        ) : (
          <ProblemMessage problem={found.problem} />
        ))}
    </>
  )
}
