import type { DecidingStatement } from '#lib/operation/exception'
import { Message } from '#components/ui/message.tsx'
import type { Problem } from './action-state.ts'

/** Why something was not done: what happened, why, and what to do. */
export function ProblemMessage({ problem, live = false }: { problem: Problem; live?: boolean }) {
  const { refusal } = problem
  return (
    <Message tone="danger" live={live} title={refusal ? `You may not do this: ${refusal.action} was refused` : problem.message}>
      {refusal && (
        <>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5">
            <dt>Action</dt>
            <dd className="identifier text-ink">{refusal.action}</dd>
            <dt>Resource</dt>
            <dd className="identifier text-ink">{refusal.resource}</dd>
            {refusal.decidedBy.map((statement) => (
              <Statement key={`${statement.policy} ${statement.index}`} statement={statement} />
            ))}
          </dl>
          <p className="text-small">{problem.message}</p>
        </>
      )}
      {problem.advice !== undefined && <p>{problem.advice}</p>}
      {!refusal && problem.code !== '' && <p className="text-small text-ink-3">{problem.code}</p>}
    </Message>
  )
}

function Statement({ statement }: { statement: DecidingStatement }) {
  return (
    <>
      <dt>Policy</dt>
      <dd className="text-ink">
        <span className="identifier">{statement.policy}</span> {places[statement.source]} <span className="identifier">{statement.attachedTo}</span>
      </dd>
      <dt>Statement</dt>
      <dd className="text-ink">
        <span className="identifier">{statement.statement}</span> ({statement.effect})
      </dd>
    </>
  )
}

const places: Record<DecidingStatement['source'], string> = {
  'identity-policy': 'of the user',
  'group-policy': 'of the group',
  'resource-policy': 'of the resource',
}
