import { Readable } from 'node:stream'
import { ExportRepository } from '#lib/codecommit/export-repository'
import { attempt } from '../../../../../attempt.ts'
import { chosenRegion, requestContext } from '../../../../../session.ts'

/** The repository as a git bundle, written by git as fast as it is read. */
export async function GET(request: Request, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  const region = await chosenRegion(new URL(request.url).searchParams.get('region') ?? undefined)
  const { name: repositoryName } = await params
  const exported = await attempt(ExportRepository, await requestContext(region), { repositoryName, signal: request.signal })
  if (!exported.ok) {
    return new Response(`${exported.problem.message}\n`, { status: exported.problem.refusal ? 403 : 400, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  }
  const { stdout, done } = exported.output
  return new Response(Readable.toWeb(Readable.from(whole(stdout, done), { objectMode: false })) as ReadableStream, {
    headers: { 'content-type': 'application/x-git-bundle', 'content-disposition': `attachment; filename="${repositoryName}.bundle"`, 'cache-control': 'no-store' },
  })
}

/** Ends only once git has ended well: what broke off is no download that could be taken for whole. */
async function* whole(stdout: Readable, done: Promise<unknown>): AsyncGenerator<Buffer> {
  yield* stdout as AsyncIterable<Buffer>
  await done
}
