import { ButtonLink } from '#components/console/link.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { paths } from '../paths.ts'

export default function NotFound() {
  return (
    <EmptyState
      title="There is nothing here"
      actions={
        <>
          <ButtonLink href={paths.home()}>Console home</ButtonLink>
          <ButtonLink href={paths.lookup()}>Find a repository</ButtonLink>
        </>
      }
    >
      The address leads to no page of the console, or to something that was deleted or renamed.
    </EmptyState>
  )
}
