import { Link } from '#components/console/link.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time } from '#components/console/time.tsx'
import { GuardedForm } from '#components/iam/guarded-form.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { ListPolicyVersions } from '#lib/iam/api'
import type { RequestContext } from '#lib/operation/context'
import { attempt } from '../../../attempt.ts'
import { paths } from '../../../paths.ts'
import { deletePolicyVersion, setDefaultPolicyVersion } from '../actions.ts'

/** The versions of a managed policy, newest first; one of them counts. */
export async function PolicyVersions({ context, policyArn, own }: { context: RequestContext; policyArn: string; own: boolean }) {
  const got = await attempt(ListPolicyVersions, context, { PolicyArn: policyArn })
  return (
    <Panel title="Versions" flush>
      {!got.ok ? (
        <div className="p-4">
          <ProblemMessage problem={got.problem} />
        </div>
      ) : (
        <ul aria-label="Versions">
          {got.output.Versions.map(({ VersionId, IsDefaultVersion, CreateDate }) => (
            <li key={VersionId} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-1.5 last:border-b-0">
              <Link href={paths.policy(policyArn, VersionId)} className="min-w-10 font-medium">
                {VersionId}
              </Link>
              <span className="grow">
                <Time at={CreateDate} />
              </span>
              {IsDefaultVersion && <Badge tone="success">Default</Badge>}
              {own && !IsDefaultVersion && (
                <>
                  <GuardedForm
                    operation="SetDefaultPolicyVersion"
                    name={VersionId}
                    button="Set as default"
                    variant="quiet"
                    title={`Set ${VersionId} as the default version`}
                    description="It counts from the next request on, for everyone the policy is attached to."
                    action={setDefaultPolicyVersion}
                    hidden={{ PolicyArn: policyArn, VersionId }}
                    submit="Set as default"
                  />
                  <GuardedForm operation="DeletePolicyVersion" name={VersionId} button="Delete" variant="quiet" title={`Delete ${VersionId}`} action={deletePolicyVersion} hidden={{ PolicyArn: policyArn, VersionId }} danger submit="Delete version" />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
