import type { ReactNode } from 'react'
import { Shell } from '#components/console/shell.tsx'
import { TopBar } from '#components/console/top-bar.tsx'
import { WithoutScripts } from '#components/console/without-scripts.tsx'
import { regions } from '#lib/operation/regions'
import { chosenRegion, chosenTheme, hiddenColumns, requestContext } from '../session.ts'
import { signOut } from '../(signed-out)/sign-in/actions.ts'

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { principal, accountId } = await requestContext()
  const root = principal.type === 'Root'
  const viewer = { name: root ? 'root' : principal.userName, arn: principal.arn, accountId, root }
  return (
    <Shell
      regions={regions}
      fallbackRegion={await chosenRegion()}
      hiddenColumns={await hiddenColumns()}
      topBar={
        <>
          <TopBar viewer={viewer} theme={await chosenTheme()} signOut={signOut} />
          <WithoutScripts signOut={signOut} />
        </>
      }
    >
      {children}
    </Shell>
  )
}
