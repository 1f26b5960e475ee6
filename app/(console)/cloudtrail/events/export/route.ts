import { ExportEvents } from '#lib/cloudtrail/export-events'
import { attempt } from '../../../../attempt.ts'
import { chosenRegion, requestContext } from '../../../../session.ts'
import { conditionsOf, searchInput } from '../../event-conditions.ts'

/** The events of the URL's conditions as a file, written as fast as it is read. */
export async function GET(request: Request): Promise<Response> {
  const given = new URL(request.url).searchParams
  const region = await chosenRegion(given.get('region') ?? undefined)
  const Format = given.get('format') === 'csv' ? 'csv' : 'jsonl'
  const exported = await attempt(ExportEvents, await requestContext(region), { ...searchInput(conditionsOf(request.url)), Format })
  if (!exported.ok) {
    const status = exported.problem.refusal ? 403 : exported.problem.code === 'InternalFailure' ? 500 : 400
    return new Response(`${exported.problem.message}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  }
  return new Response(pulled(exported.output.text), {
    headers: {
      'content-type': Format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/jsonl; charset=utf-8',
      'content-disposition': `attachment; filename="event-history-${region}-${new Date().toISOString().slice(0, 10)}.${Format}"`,
      'cache-control': 'no-store',
    },
  })
}

/** Pieces of text as bytes, each asked for when there is room for it: a slow reader holds nothing up and piles nothing up. */
function pulled(text: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const pieces = text[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = await pieces.next()
        if (piece.done) controller.close()
        else controller.enqueue(encoder.encode(piece.value))
      },
      async cancel() {
        await pieces.return?.()
      },
    },
    { highWaterMark: 1 },
  )
}
