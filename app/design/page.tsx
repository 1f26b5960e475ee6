import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { config } from '#lib/config'
import { regions } from '#lib/operation/regions'
import { Copyable } from '#components/console/copyable.tsx'
import { FindField } from '#components/console/find-field.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { Shell } from '#components/console/shell.tsx'
import { TabLinks } from '#components/console/tab-links.tsx'
import { TopBar } from '#components/console/top-bar.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import { chosenTheme } from '../session.ts'
import { signOut } from '../(signed-out)/sign-in/actions.ts'
import { Controls } from './controls.tsx'
import { DesignTables } from './design-table.tsx'
import { Feedback } from './feedback.tsx'
import { Overlays } from './overlays.tsx'
import { Shown } from './shown.tsx'
import { TokenPanels } from './token-panels.tsx'

export const metadata: Metadata = { title: 'Design' }

/** The tokens, and every primitive in every state, to look at. In development only. */
export default async function DesignPage() {
  if (!config().development) notFound()
  const viewer = { name: 'alice', arn: 'arn:aws:iam::111122223333:user/alice', accountId: '111122223333', root: false }
  return (
    <Shell regions={regions} fallbackRegion="us-east-2" hiddenColumns={{}} topBar={<TopBar viewer={viewer} theme={await chosenTheme()} signOut={signOut} />}>
      <PageHeader title="Design" trail={[['Console home', '/console']]} description="Every primitive in every state. The bar above is the console’s own: services, palette, Region, account." />
      <FindField label="Find" placeholder="Find by name" value={undefined} />
      <TokenPanels />
      <Controls />
      <Feedback />
      <Overlays />
      <Panel title="Tabs, properties, code">
        <div className="flex flex-col gap-4">
          <TabLinks
            label="Parts, each a page"
            tabs={[
              ['Design', '/design'],
              ['Elsewhere', '/console'],
            ]}
          />
          <Shown state="Pointed at" as="hover">
            <TabLinks label="Pointed at" tabs={[['Elsewhere', '/console']]} />
          </Shown>
          <Shown state="Focused" as="focus">
            <TabLinks label="Focused" tabs={[['Elsewhere', '/console']]} />
          </Shown>
          <Tabs
            label="Ways to clone"
            tabs={[
              { id: 'https', name: 'HTTPS', content: <CodeBlock code="git clone https://localhost:8443/v1/regions/us-east-2/repos/hello" label="command" /> },
              { id: 'ssh', name: 'SSH', content: <p>The other one</p> },
            ]}
          />
          <Properties
            items={[
              ['Repository ID', <Copyable key="id" text="b5306d5e-e04d-40e2-bc31-0d9ece024a51" name="repository ID" />],
              ['Region', 'US East (Ohio)'],
            ]}
          />
        </div>
      </Panel>
      <DesignTables />
    </Shell>
  )
}
