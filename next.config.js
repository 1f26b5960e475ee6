/** Headers that no page changes; the Content-Security-Policy needs a nonce for each answer and is proxy.ts's. */
const headers = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), browsing-topics=()' },
]

const domain = process.env.CODEKEEP_DOMAIN || 'localhost'

// For localhost never: it would force every other program on this machine's localhost onto HTTPS.
if (domain !== 'localhost' && !domain.endsWith('.localhost')) {
  headers.push({ key: 'Strict-Transport-Security', value: 'max-age=31536000' })
}

/** @type {import('next').NextConfig} */
const nextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // npm test checks types, of tests too; npm start need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // A start need not load every page; the first visit of one does.
  experimental: { preloadEntriesOnStart: false },
  // Native modules, and modules that look for files beside themselves: Node loads them, no bundler touches them.
  serverExternalPackages: ['better-sqlite3', '@prisma/client', '@prisma/adapter-better-sqlite3', '@prisma/adapter-pg', 'pg', 'ssh2', 'shiki'],
  headers: async () => [{ source: '/:path*', headers }],
}

export default nextConfig
