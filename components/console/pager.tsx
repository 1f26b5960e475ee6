import { ButtonLink } from './link.tsx'

/** The way on in a list that the server pages: its first page and the next one. */
export function Pager({ first, next, shown }: { first: string | undefined; next: string | undefined; shown: string }) {
  return (
    <nav aria-label="Pages" className="flex items-center justify-end gap-2">
      <span className="grow text-small text-ink-3">{shown}</span>
      {first !== undefined && <ButtonLink href={first}>First page</ButtonLink>}
      {next !== undefined && (
        <ButtonLink href={next} rel="next">
          Next page
        </ButtonLink>
      )}
    </nav>
  )
}
