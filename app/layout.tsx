import './globals.css'
import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { earlyKeysScript } from '#components/console/early-keys.ts'
import { ScriptsContext } from '#components/ui/scripts.ts'
import { nonce } from './nonce.ts'
import { paths } from './paths.ts'
import { askedPath, chosenTheme, currentSession, isWithoutScripts } from './session.ts'

export const metadata: Metadata = {
  title: { template: '%s · Codekeep', default: 'Codekeep' },
  description: 'Git repositories, encrypted at rest under a key that policy guards and a trail watches.',
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  themeColor: '#14211e',
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const withoutScripts = await isWithoutScripts()
  return (
    <html lang="en" data-theme={await chosenTheme()} className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <head>
        {/* Pages that come in parts are put together by scripts. Who has signed in keeps cookies: it is asked for once. */}
        {!withoutScripts && (await currentSession()) && (
          <noscript>
            <meta httpEquiv="refresh" content={`0; url=${paths.withoutScripts(await askedPath())}`} />
          </noscript>
        )}
      </head>
      <body>
        {/* Browsers hide the nonce from scripts, and so from the comparison. */}
        <script nonce={await nonce()} dangerouslySetInnerHTML={{ __html: withoutScripts ? `${scriptsAfterAll}${earlyKeysScript}` : earlyKeysScript }} suppressHydrationWarning />
        <ScriptsContext value={!withoutScripts}>{children}</ScriptsContext>
      </body>
    </html>
  )
}

/** A browser that runs this runs scripts: what was kept of it no longer holds. */
const scriptsAfterAll = "document.cookie = 'codekeep-scripts=; Path=/; Max-Age=0'\n"
