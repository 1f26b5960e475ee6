import type { Metadata } from 'next'
import { PageHeader } from '#components/console/page-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { ExplainForm } from '#components/iam/explain-form.tsx'
import { Explained } from '#components/iam/explained.tsx'
import { ListRepositories } from '#lib/codecommit/repository-lists'
import { ExplainAccess } from '#lib/explain/explain-access'
import { ListUsers } from '#lib/iam/api'
import { SearchKeys } from '#lib/kms/api'
import { attempt } from '../../../attempt.ts'
import { paths } from '../../../paths.ts'
import { readQuery, type Query } from '../../../query.ts'
import { chosenRegion, requestContext } from '../../../session.ts'
import { explainWhatIf, savePolicyEdit } from './actions.ts'
import { offeredOperations, principalArn, readPairs, resourceArn } from './question.ts'

export const metadata: Metadata = { title: 'Access explainer' }

export default async function AccessExplainerPage({ searchParams }: { searchParams: Query }) {
  const query = await readQuery(searchParams, 'region', 'user', 'operation', 'resource', 'reference', 'repositoryId', 'context', 'mfa')
  const region = await chosenRegion(query.region)
  const context = await requestContext(region)
  const [users, repositories, keys] = await Promise.all([
    attempt(ListUsers, context, { MaxItems: 1000 }),
    attempt(ListRepositories, context, {}),
    attempt(SearchKeys, context, { Limit: 100 }),
  ])
  const { accountId } = context
  const user = principalArn(query.user, context)
  const operation = query.operation ?? 'codecommit:GitPush'
  const resource = resourceArn(query.resource, operation, { accountId, region })
  const question = {
    PolicySourceArn: user,
    Action: operation,
    ResourceArn: resource,
    Reference: query.reference,
    RepositoryId: query.repositoryId,
    EncryptionContext: readPairs(query.context),
    MfaAuthenticated: query.mfa === undefined ? undefined : query.mfa === 'yes',
  }
  const answer = query.operation === undefined ? undefined : await attempt(ExplainAccess, context, question)
  const root = `arn:aws:iam::${accountId}:root`
  const offered = new Map([[root, 'Root user'], ...(users.ok ? users.output.Users.map(({ Arn, UserName }) => [Arn, UserName] as const) : [])])
  if (!offered.has(user)) offered.set(user, user.split('/').at(-1) ?? user)
  return (
    <>
      <PageHeader
        title="Access explainer"
        description="May somebody do something, and by which statement not? Every check is made as the operation itself would make it, and nothing is run."
      />
      <ExplainForm
        // Another question, another form: what is in the URL is in its fields.
        key={JSON.stringify(query)}
        action={paths.explain()}
        region={region}
        users={[...offered]}
        operations={offeredOperations(query.operation)}
        repositories={repositories.ok ? repositories.output.repositories.slice(0, 200).map(({ repositoryName }) => repositoryName) : []}
        keys={keys.ok ? keys.output.Keys.map(({ KeyId, Aliases }) => Aliases[0] ?? KeyId) : []}
        asked={{ ...query, user, operation }}
      />
      {answer?.ok === false && <ProblemMessage problem={answer.problem} />}
      {answer?.ok && <Explained key={JSON.stringify(question)} question={question} region={region} name={offered.get(user) ?? user} explanation={answer.output} ask={explainWhatIf} save={savePolicyEdit} />}
    </>
  )
}
