import './globals.css'
import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { earlyKeysScript } from '#components/console/early-keys.ts'
import { nonce } from './nonce.ts'
import { chosenTheme } from './session.ts'

export const metadata: Metadata = {
  title: { template: '%s · Codekeep', default: 'Codekeep' },
  description: 'Git repositories, encrypted at rest under a key that policy guards and a trail watches.',
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  themeColor: '#14211e',
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" data-theme={await chosenTheme()} className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <body>
        {/* Browsers hide the nonce from scripts, and so from the comparison. */}
        <script nonce={await nonce()} dangerouslySetInnerHTML={{ __html: earlyKeysScript }} suppressHydrationWarning />
        {children}
      </body>
    </html>
  )
}
