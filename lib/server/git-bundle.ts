import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { ExportRepository } from '#lib/codecommit/export-repository'
import { invoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import type { GitRoute } from './router.ts'

/** `GET bundle`: a git bundle of a repository, as git writes it. One that breaks off ends without its last chunk: no client takes it for whole. */
export async function sendBundle(response: ServerResponse, { repositoryName }: Pick<GitRoute, 'repositoryName'>, context: RequestContext, signal: AbortSignal): Promise<void> {
  const { stdout, done } = await invoke(ExportRepository, context, { repositoryName, signal })
  response.writeHead(200, {
    'content-type': 'application/x-git-bundle',
    'content-disposition': `attachment; filename="${repositoryName}.bundle"`,
    'cache-control': 'no-store',
  })
  await pipeline(stdout, response, { end: false })
  await done
  response.end()
}
