import { Link } from '#components/console/link.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { ListEntitiesForPolicy } from '#lib/iam/api'
import type { RequestContext } from '#lib/operation/context'
import { attempt } from '../../../attempt.ts'
import { paths } from '../../../paths.ts'

/** Whom a managed policy is attached to. */
export async function PolicyEntities({ context, policyArn }: { context: RequestContext; policyArn: string }) {
  const got = await attempt(ListEntitiesForPolicy, context, { PolicyArn: policyArn, MaxItems: 1000 })
  if (!got.ok) {
    return (
      <Panel title="Attached to">
        <ProblemMessage problem={got.problem} />
      </Panel>
    )
  }
  const { PolicyUsers, PolicyGroups } = got.output
  const attached = [
    ...PolicyUsers.map(({ UserName }) => ['User', UserName, paths.user(UserName)] as const),
    ...PolicyGroups.map(({ GroupName }) => ['Group', GroupName, paths.group(GroupName)] as const),
  ]
  return (
    <Panel title="Attached to">
      {attached.length === 0 ? (
        <p className="text-ink-2">Nobody.</p>
      ) : (
        <ul aria-label="Attached to" className="flex flex-wrap gap-x-6 gap-y-1">
          {attached.map(([what, name, href]) => (
            <li key={href}>
              <span className="text-ink-3">{what}</span> <Link href={href}>{name}</Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
