import { FollowEvents } from '#lib/cloudtrail/follow-events'
import { findSession } from '#lib/iam/console-sessions'
import { mayInvoke } from '#lib/invoke'
import { attempt } from '../../../../attempt.ts'
import { chosenRegion, requestContext, sessionToken } from '../../../../session.ts'
import { conditionsOf, searchInput } from '../../event-conditions.ts'

/**
 * Events as they are recorded, as server-sent events. Before each batch it asks again whether the session lasts and policy
 * still allows it: `refused` is the last event where not.
 */
export async function GET(request: Request): Promise<Response> {
  const region = await chosenRegion(new URL(request.url).searchParams.get('region') ?? undefined)
  const context = await requestContext(region)
  const input = searchInput(conditionsOf(request.url))
  const followed = await attempt(FollowEvents, context, input)
  // Anything but 200 ends an EventSource for good.
  if (!followed.ok) return new Response(`${followed.problem.message}\n`, { status: followed.problem.refusal ? 403 : 400, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  const token = await sessionToken()
  const stillAllowed = async () =>
    token !== undefined && (await findSession(token)) !== null && (await mayInvoke(FollowEvents, { ...context, time: new Date() }, input)).decision === 'Allowed'
  return new Response(messages(followed.output.batches, stillAllowed), {
    // Next would else hold pieces back to compress them.
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' },
  })
}

function messages(batches: AsyncIterable<readonly string[]>, stillAllowed: () => Promise<boolean>): ReadableStream<Uint8Array> {
  const turns = batches[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode('retry: 2000\n\n')),
      async pull(controller) {
        const turn = await turns.next()
        if (turn.done) return controller.close()
        if (!(await stillAllowed())) {
          controller.enqueue(encoder.encode('event: refused\ndata: \n\n'))
          await turns.return?.()
          return controller.close()
        }
        // A comment where nothing came: it tells both ends that the other is there.
        controller.enqueue(encoder.encode(turn.value.length === 0 ? ':\n\n' : turn.value.map((record) => `data: ${record}\n\n`).join('')))
      },
      async cancel() {
        await turns.return?.()
      },
    },
    { highWaterMark: 1 },
  )
}
