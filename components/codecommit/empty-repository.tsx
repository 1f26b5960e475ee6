import type { ReactNode } from 'react'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { CloneBox, type CloneUrls } from './clone-box.tsx'
import type { CloneTransport } from './credential-steps.tsx'

/** A repository without a commit: how to get one into it. */
export function EmptyRepository({ urls, credentials }: { urls: CloneUrls; credentials: Readonly<Record<CloneTransport, ReactNode>> }) {
  const { cloneUrlHttp, repositoryName } = urls
  return (
    <div className="grid grid-cols-1 gap-4 xl:grid-cols-2">
      <Panel title="This repository is empty" description="Clone it, commit, and push.">
        <div className="flex flex-col gap-4">
          <CloneBox urls={urls} credentials={credentials} />
          <CodeBlock
            label="commands for a new project"
            code={`cd ${repositoryName}\necho "# ${repositoryName}" > README.md\ngit add README.md\ngit commit -m "First commit"\ngit push -u origin HEAD:main`}
          />
        </div>
      </Panel>
      <Panel title="Or push a project that you have" description="In its folder:">
        <CodeBlock wrap label="commands for an existing project" code={`git remote add codekeep ${cloneUrlHttp}\ngit push -u codekeep --all\ngit push codekeep --tags`} />
      </Panel>
    </div>
  )
}
