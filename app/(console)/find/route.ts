import { chosenRegion, requestContext } from '../../session.ts'
import { isRegion } from '#lib/operation/regions'
import { identified } from './identified.ts'
import { searched } from './searched.ts'

/** What the command palette finds for a text: the one thing that an identifier names, else what has the text in its name. */
export async function GET(request: Request): Promise<Response> {
  const given = new URL(request.url).searchParams
  const text = given.get('text')?.trim() ?? ''
  const region = await chosenRegion(given.get('region') ?? undefined)
  const context = await requestContext(region)
  const regions = [...new Set([region, ...given.getAll('recent').filter(isRegion).slice(0, 4)])]
  const near = { regions, ...(given.get('repository') && { repositoryName: given.get('repository') ?? '' }) }
  const direct = text === '' || text.length > 2048 ? [] : await identified(context, text, near)
  const results = direct.length > 0 || text === '' || text.length > 100 ? direct : await searched(context, text)
  return Response.json({ results }, { headers: { 'cache-control': 'no-store' } })
}
