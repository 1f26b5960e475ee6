import { classNames } from '#components/ui/class-names.ts'
import { Icon } from '#components/ui/icon.tsx'
import { linkClass } from '#components/ui/link-class.ts'
import type { Explanation } from '#lib/explain/explain-access'
import { policyAnchor } from './explained-policy.tsx'

type Check = Explanation['Checks'][number]

/** Every check of an explanation, in the order in which it is made. */
export function CheckList({ authentication, checks, policies }: { authentication: Explanation['Authentication']; checks: readonly Check[]; policies: Explanation['Policies'] }) {
  return (
    <ol aria-label="Checks">
      <Item outcome={authentication.Decision === 'Refused' ? 'refused' : authentication.Decision === 'Unknown' ? 'unknown' : 'allowed'} title="Authentication">
        <p>{authentication.Text}</p>
      </Item>
      {checks.map((check, index) => (
        <Item key={index} outcome={check.Decision === 'Allowed' ? 'allowed' : 'refused'} title={check.Action ?? check.Operation} note={check.Note}>
          {check.Resource !== undefined && <p className="identifier text-ink-3">{check.Resource}</p>}
          {check.Decision !== 'Allowed' && <p>{`${names[check.Decision]}. ${check.Text}`}</p>}
          {check.Decision === 'Allowed' && check.DecidedBy.length === 0 && <p>{check.Text}</p>}
          {check.DecidedBy.map((statement) => {
            const at = policies.findIndex(({ Id }) => Id === statement.PolicyId)
            const text = `${statement.effect}: ${statement.statement} in ${shortName(statement.policy)}`
            return (
              <p key={`${statement.PolicyId} ${statement.index}`}>
                {at < 0 ? (
                  text
                ) : (
                  <a href={`#${policyAnchor(policies[at]?.Id ?? '')}`} className={`inline-block min-h-6 ${linkClass}`}>
                    {text}
                  </a>
                )}
              </p>
            )
          })}
          {Object.keys(check.Conditions).length > 0 && <Conditions conditions={check.Conditions} />}
        </Item>
      ))}
    </ol>
  )
}

type Outcome = 'allowed' | 'refused' | 'unknown'

function Item({ outcome, title, note, children }: { outcome: Outcome; title: string; note?: string | undefined; children: React.ReactNode }) {
  return (
    <li className={classNames('flex gap-2.5 border-b border-line px-4 py-2.5 last:border-b-0', outcome === 'refused' && 'bg-danger-soft')}>
      <Icon name={glyphs[outcome]} className={classNames('mt-0.5', colours[outcome])} />
      <div className="flex min-w-0 grow flex-col gap-0.5 wrap-anywhere">
        <div className="flex flex-wrap items-baseline justify-between gap-x-3">
          <span className="font-medium">{title}</span>
          <span className={classNames('text-small', colours[outcome])}>{words[outcome]}</span>
        </div>
        {note !== undefined && <p className="text-small text-ink-2">{note}</p>}
        <div className="flex flex-col gap-0.5 text-small text-ink-2">{children}</div>
      </div>
    </li>
  )
}

function Conditions({ conditions }: { conditions: Check['Conditions'] }) {
  // What belongs to this access first; the global keys are the same for all.
  const keys = Object.keys(conditions).sort((one, other) => Number(one.startsWith('aws:')) - Number(other.startsWith('aws:')) || (one < other ? -1 : 1))
  return (
    <details>
      <summary className="min-h-6 py-1 text-ink-3">Condition keys it was decided under</summary>
      <dl className="mt-1 grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-x-4 gap-y-1">
        {keys.map((key) => (
          <div key={key} className="min-w-0">
            <dt className="identifier text-ink-3">{key}</dt>
            <dd className="identifier text-ink">{conditions[key]?.join(', ')}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

function shortName(policy: string): string {
  return policy.startsWith('arn:') ? (policy.split('/').at(-1) ?? policy) : policy
}

const names = { ExplicitlyDenied: 'Explicit deny', ImplicitlyDenied: 'No statement allows it', Absent: 'Not there', Unusable: 'Policy allows it, the key’s state does not' } as const
const glyphs = { allowed: 'success', refused: 'danger', unknown: 'info' } as const
const colours = { allowed: 'text-success', refused: 'text-danger', unknown: 'text-ink-3' } as const
const words = { allowed: 'Passes', refused: 'Fails', unknown: 'Not known' } as const
