import { cookies } from 'next/headers'
import { localPath } from '../(signed-out)/sign-in/local-path.ts'

/**
 * A browser without scripts comes here by itself (app/layout.tsx), is remembered until it is closed, and led back: from then on its
 * pages come whole, and forms send themselves.
 */
export async function GET(request: Request): Promise<Response> {
  ;(await cookies()).set('codekeep-scripts', 'off', { sameSite: 'lax', path: '/' })
  return new Response(null, { status: 303, headers: { location: localPath(new URL(request.url).searchParams.get('next') ?? undefined) } })
}
