import type { ListPage } from '#components/console/list-page.ts'
import type { Attempt } from '../../../attempt.ts'
import { chosenRegion, requestContext, type ConsoleContext } from '../../../session.ts'
import { readSegment } from '../../../query.ts'
import { eventRows } from '../../cloudtrail/event-rows.ts'
import { branchRows } from '../../codecommit/repositories/[name]/branches/branch-rows.ts'
import { historyRows } from '../../codecommit/repositories/[name]/commits/history-rows.ts'
import { gitTagRows } from '../../codecommit/repositories/[name]/tags/git-tag-rows.ts'
import { repositoryRows } from '../../codecommit/repositories/repository-rows.ts'
import { policyRows } from '../../iam/policies/policy-rows.ts'
import { userRows } from '../../iam/users/user-rows.ts'
import { keyRows, managedKeyRows } from '../../kms/key-rows.ts'
import { keyRepositoryRows } from '../../kms/tabs/key-repository-rows.ts'

type Rows = (context: ConsoleContext, query: Readonly<Record<string, string>>, within: string) => Promise<Attempt<ListPage<unknown>>>

/** What gives the rows of a list, by the path of its page; `*` is handed on. */
const lists: Readonly<Record<string, Rows>> = {
  'codecommit/repositories': repositoryRows,
  'codecommit/repositories/*/branches': branchRows,
  'codecommit/repositories/*/commits': historyRows,
  'codecommit/repositories/*/tags': gitTagRows,
  'iam/users': userRows,
  'iam/policies': policyRows,
  'iam/encryption-keys': keyRows,
  'kms/aws-managed-keys': managedKeyRows('AWS'),
  'kms/customer-managed-keys': managedKeyRows('CUSTOMER'),
  'kms/keys/*/usage': keyRepositoryRows,
  'cloudtrail/events': eventRows,
}

/** The rows of a page within a list, for its table to go on with: JSON. The URL is the list's own, under `/rows`. */
export async function GET(request: Request, { params }: { params: Promise<{ list: string[] }> }): Promise<Response> {
  const path = (await params).list.map(readSegment)
  const list = path.map((part, index) => (index === 2 ? '*' : part)).join('/')
  const rows = Object.hasOwn(lists, list) ? lists[list] : undefined
  if (!rows) return new Response(null, { status: 404 })
  const query = Object.fromEntries([...new URL(request.url).searchParams].filter(([, value]) => value !== ''))
  const found = await rows(await requestContext(await chosenRegion(query['region'])), query, path[2] ?? '')
  const headers = { 'cache-control': 'no-store' }
  if (found.ok) return Response.json(found.output, { headers })
  return Response.json(found.problem, { status: found.problem.refusal ? 403 : found.problem.code === 'InternalFailure' ? 500 : 400, headers })
}
