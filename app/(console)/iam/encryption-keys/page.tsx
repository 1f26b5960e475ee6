import type { Metadata } from 'next'
import { Form } from '#components/console/form.tsx'
import { ButtonLink } from '#components/console/link.tsx'
import { ListProblem } from '#components/console/list-problem.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { KeyFilter } from '#components/kms/key-filter.tsx'
import { KeyTable } from '#components/kms/key-table.tsx'
import { readPreference } from '#lib/iam/console-preferences'
import { regionName } from '#lib/operation/regions'
import { paths } from '../../../paths.ts'
import { readQuery, type Query } from '../../../query.ts'
import { chosenRegion, requestContext } from '../../../session.ts'
import { cancelDeletion, disableKeys, enableKeys, getStarted, scheduleDeletion } from '../../kms/actions.ts'
import { keyRows } from '../../kms/key-rows.ts'
import { welcomePreference } from '../../kms/welcome-preference.ts'

export const metadata: Metadata = { title: 'Encryption keys' }

export default async function EncryptionKeysPage({ searchParams }: { searchParams: Query }) {
  const { region: asked, ...query } = await readQuery(searchParams, 'region', 'filter', 'token')
  const region = await chosenRegion(asked)
  const context = await requestContext(region)
  if (asked === undefined && (await readPreference(context.principal.arn, welcomePreference)) === undefined) return <Welcome />

  const found = await keyRows(context, query)
  return (
    <>
      <PageHeader
        title="Encryption keys"
        description="The keys of one Region: those that AWS manages for its services, and your own."
        actions={
          <ButtonLink href={paths.createKey(region)} variant="primary">
            Create key
          </ButtonLink>
        }
      />
      <KeyFilter region={region} filter={query.filter} />
      {found.ok ? (
        <KeyTable
          // What was selected in one Region is none of another's.
          key={region}
          region={region}
          regionName={regionName(region)}
          filtered={query.filter !== undefined}
          url={paths.encryptionKeys(region, query)}
          first={found.output}
          actions={{ enable: enableKeys, disable: disableKeys, scheduleDeletion, cancelDeletion }}
        />
      ) : (
        <ListProblem problem={found.problem} first={query.token && paths.encryptionKeys(region, { ...query, token: '' })} />
      )}
    </>
  )
}

function Welcome() {
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-6 py-6">
      <div className="flex flex-col gap-2">
        <h1 className="text-display font-semibold tracking-tight">Encryption keys</h1>
        <p className="max-w-prose text-lead text-ink-2">
          A KMS key encrypts data keys, and data keys encrypt everything else. The key itself never leaves the server; policy decides who may use it, and every use is in the event history.
        </p>
      </div>
      <dl className="grid gap-x-8 gap-y-4 border-y border-line py-5 sm:grid-cols-3">
        <div>
          <dt className="font-semibold">AWS managed keys</dt>
          <dd className="text-ink-2">
            <code>aws/codecommit</code> comes with the first repository of a Region. Only CodeCommit uses it, and nobody can change or delete it.
          </dd>
        </div>
        <div>
          <dt className="font-semibold">Your own keys</dt>
          <dd className="text-ink-2">Customer managed keys are for your own data: create, rotate, disable and delete them, and write their policies.</dd>
        </div>
        <div>
          <dt className="font-semibold">Per Region</dt>
          <dd className="text-ink-2">A key lives in one Region. Choose it in the Filter above the list.</dd>
        </div>
      </dl>
      <Form action={getStarted} submit="Get Started Now" className="flex [&>div]:justify-start" />
    </div>
  )
}
