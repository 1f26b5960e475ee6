import { Icon } from '#components/ui/icon.tsx'

/** What cannot be done with a key, each with the words it would be refused in. */
export function RefusalList({ refusals }: { refusals: readonly (readonly [what: string, why: string])[] }) {
  return (
    <dl className="flex flex-col">
      {refusals.map(([what, why]) => (
        <div key={what} className="grid gap-x-6 gap-y-0.5 border-b border-line py-2 first:pt-0 last:border-b-0 last:pb-0 md:grid-cols-[13rem_minmax(0,1fr)]">
          <dt className="flex items-start gap-2 font-medium">
            <Icon name="lock" className="mt-0.5 text-managed" />
            {what}
          </dt>
          <dd className="wrap-anywhere text-ink-2">{why}</dd>
        </div>
      ))}
    </dl>
  )
}
