import type { Metadata } from 'next'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { Copyable } from '#components/console/copyable.tsx'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { Form, FormInput, FormSelect, FormTextarea } from '#components/console/form.tsx'
import { ButtonLink, Link } from '#components/console/link.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time } from '#components/console/time.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { ListBranches } from '#lib/codecommit/branches'
import { GetRepository } from '#lib/codecommit/repositories'
import { DescribeKey } from '#lib/kms/api'
import { repositoryIdContextKey } from '#lib/operation/repository-context'
import { regionName } from '#lib/operation/regions'
import { attempt } from '../../../../../attempt.ts'
import { paths } from '../../../../../paths.ts'
import { readQuery, readSegment, type Query } from '../../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../../session.ts'
import { deleteRepository, renameRepository, updateDefaultBranch, updateDescription } from '../../../actions.ts'

export const metadata: Metadata = { title: 'Repository settings' }

export default async function RepositorySettingsPage({ params, searchParams }: { params: Promise<{ name: string }>; searchParams: Query }) {
  const repositoryName = readSegment((await params).name)
  const region = await chosenRegion((await readQuery(searchParams, 'region')).region)
  const context = await requestContext(region)
  const got = await attempt(GetRepository, context, { repositoryName })
  if (!got.ok) {
    return (
      <>
        <RepositoryHeader region={region} repositoryName={repositoryName} />
        <ProblemMessage problem={got.problem} />
        <Panel title="Delete repository">
          <DeleteRepository region={region} repositoryName={repositoryName} />
        </Panel>
      </>
    )
  }
  const repository = got.output.repositoryMetadata
  const { repositoryId, defaultBranch } = repository
  const [branches, key] = await Promise.all([
    attempt(ListBranches, context, { repositoryName }),
    attempt(DescribeKey, context, { KeyId: repository.kmsKeyId }),
  ])
  const hidden = { region, repositoryName }
  return (
    <>
      <RepositoryHeader region={region} repositoryName={repositoryName} />
      <Panel
        title="General"
        actions={
          <ButtonLink href={paths.events(region, { RepositoryId: repositoryId })} icon="trail">
            Event history of this repository
          </ButtonLink>
        }
      >
        <Properties
          items={[
            ['Repository ID', <Copyable key="id" text={repositoryId} name="repository ID" />],
            ['Repository ARN', <Copyable key="arn" text={repository.Arn} name="repository ARN" />],
            ['Region', `${regionName(region)} ${region}`],
            ['Created', <Time key="created" at={repository.creationDate} />],
            ['Last modified', <Time key="modified" at={repository.lastModifiedDate} />],
          ]}
        />
      </Panel>
      <Panel title="Encryption" description="What is stored of this repository is encrypted under this key, with this encryption context.">
        <Properties
          items={[
            [
              'KMS key',
              <span key="key" className="inline-flex flex-wrap items-center gap-2">
                {key.ok ? <Link href={paths.key(region, key.output.KeyMetadata.KeyId)}>aws/codecommit</Link> : 'aws/codecommit'}
                <Badge tone="managed">AWS managed</Badge>
              </span>,
            ],
            ['Key ARN', key.ok ? <Copyable key="arn" text={key.output.KeyMetadata.Arn} name="key ARN" /> : 'You may not see it: kms:DescribeKey is refused to you.'],
            ['Encryption context', <Copyable key="context" text={JSON.stringify({ [repositoryIdContextKey]: repositoryId })} name="encryption context" />],
          ]}
        />
      </Panel>
      <Panel title="Repository name" description="Clone URLs change with the name. The repository ID stays, and nothing is encrypted anew.">
        <Form action={renameRepository} hidden={{ region, oldName: repositoryName }} submit="Rename" variant="secondary" className="flex max-w-xl flex-col gap-3">
          <FormInput name="newName" label="Name" defaultValue={repositoryName} maxLength={100} required />
        </Form>
      </Panel>
      <Panel title="Description" description="Stored encrypted.">
        <Form action={updateDescription} hidden={hidden} submit="Save description" variant="secondary" className="flex max-w-xl flex-col gap-3">
          <FormTextarea name="repositoryDescription" label="Description" defaultValue={repository.repositoryDescription ?? ''} maxLength={1000} rows={3} />
        </Form>
      </Panel>
      {branches.ok && branches.output.branches.length > 0 && (
        <Panel title="Default branch" description="Clones check it out, and the console shows it first.">
          <Form action={updateDefaultBranch} hidden={hidden} submit="Save default branch" variant="secondary" className="flex max-w-xl flex-col gap-3">
            <FormSelect name="defaultBranchName" label="Branch" defaultValue={defaultBranch ?? ''}>
              {branches.output.branches.map((branch) => (
                <option key={branch}>{branch}</option>
              ))}
            </FormSelect>
          </Form>
        </Panel>
      )}
      <Panel title="Export" description="Every ref as one git bundle, in the clear, which git clone reads. Whoever may pull may export; it is recorded.">
        <a href={paths.bundle(region, repositoryName)} download className={buttonClass('secondary')}>
          Download bundle
        </a>
      </Panel>
      <Panel title="Delete repository" description="Its data keys are destroyed first, so that nothing of it can be opened again. The key aws/codecommit stays.">
        <DeleteRepository region={region} repositoryName={repositoryName} />
      </Panel>
    </>
  )
}

function DeleteRepository({ region, repositoryName }: { region: string; repositoryName: string }) {
  return (
    <DialogForm
      button="Delete repository"
      variant="danger"
      title={`Delete ${repositoryName}`}
      description="All branches, tags, commits and files are lost, and cannot be restored from here."
      action={deleteRepository}
      hidden={{ region, repositoryName }}
      confirm={repositoryName}
      danger
      submit="Delete repository"
    />
  )
}
