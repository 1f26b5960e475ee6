import { ButtonLink } from '#components/console/link.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { paths } from './paths.ts'

export default function NotFound() {
  return (
    <main className="grid min-h-screen place-items-center">
      <EmptyState title="There is nothing here" actions={<ButtonLink href={paths.home()}>Console home</ButtonLink>}>
        The address leads to no page of the console.
      </EmptyState>
    </main>
  )
}
