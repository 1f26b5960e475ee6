import { GetImport } from '#lib/codecommit/imports'
import { attempt } from '../../../../../attempt.ts'
import { chosenRegion, requestContext } from '../../../../../session.ts'
import { importView } from '../../import-view.ts'

/** How far an import is, for its page to ask again and again. */
export async function GET(request: Request, { params }: { params: Promise<{ importId: string }> }): Promise<Response> {
  const region = await chosenRegion(new URL(request.url).searchParams.get('region') ?? undefined)
  const { importId } = await params
  const found = await attempt(GetImport, await requestContext(region), { importId })
  const headers = { 'cache-control': 'no-store' }
  return found.ok ? Response.json(importView(found.output.import), { headers }) : Response.json(found.problem, { status: found.problem.refusal ? 403 : 404, headers })
}
