import { Readable } from 'node:stream'
import { GetFileStream } from '#lib/codecommit/file-stream'
import { attempt } from '../../../../../../attempt.ts'
import { readSegment } from '../../../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../../../session.ts'
import { rawType } from '../../raw-type.ts'

/**
 * A file's bytes, streamed: authorized and recorded as GetFile, under the policy that proxy.ts has for them. What they are is told by the bytes; they are sent so that a browser
 * runs nothing of them, and keeps nothing of them on its disk.
 */
export async function GET(request: Request, { params }: { params: Promise<{ name: string; path: string[] }> }): Promise<Response> {
  const { name, path: segments } = await params
  const query = new URL(request.url).searchParams
  const path = segments.map(readSegment).join('/')
  const context = await requestContext(await chosenRegion(query.get('region') ?? undefined))
  const input = { repositoryName: readSegment(name), commitSpecifier: query.get('ref') ?? undefined, filePath: path, signal: request.signal }
  const got = await attempt(GetFileStream, context, input)
  if (!got.ok) {
    const { code, message } = got.problem
    return new Response(`${message}\n`, { status: code.includes('AccessDenied') ? 403 : code === 'InternalFailure' ? 500 : 404, headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8' } })
  }
  const { stdout, size, beginning } = got.output
  const { type, keep } = rawType(beginning, path)
  const disposition = keep || query.get('download') === '1' ? 'attachment' : 'inline'
  return new Response(Readable.toWeb(stdout) as ReadableStream, {
    headers: { ...headers, 'Content-Type': type, 'Content-Length': String(size), 'Content-Disposition': `${disposition}; filename*=UTF-8''${encodeName(path.slice(path.lastIndexOf('/') + 1))}` },
  })
}

const headers = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'private, no-store',
}

/** A name for RFC 5987: letters, digits and a few signs; everything else as the bytes of UTF-8. */
function encodeName(name: string): string {
  return encodeURIComponent(name.replace(/[\uD800-\uDFFF]/gu, '�')).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}
