import type { Problem } from './action-state.ts'
import { ButtonLink } from './link.tsx'
import { ProblemMessage } from './problem-message.tsx'

/** Why a list is not shown. `first`: where it begins, where the URL asked for a page within it. */
export function ListProblem({ problem, first }: { problem: Problem; first?: string | undefined }) {
  return (
    <>
      <ProblemMessage problem={problem} />
      {first !== undefined && (
        <div>
          <ButtonLink href={first}>First page</ButtonLink>
        </div>
      )}
    </>
  )
}
