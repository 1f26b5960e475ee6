'use client'
import { use } from 'react'
import { useAskedUrl } from '#components/console/asked-url.ts'
import { FindField } from '#components/console/find-field.tsx'
import { RegionContext } from '#components/console/region.ts'
import { classNames } from '#components/ui/class-names.ts'
import { controlClass, selectClass } from '#components/ui/field.tsx'

/** The Filter row of Encryption keys: its own Region, for IAM has none, and a text for alias or key ID. */
export function KeyFilter({ region, filter }: { region: string; filter: string | undefined }) {
  const { regions } = use(RegionContext)
  const { change, pending } = useAskedUrl()
  return (
    <div className="flex flex-wrap items-center gap-2">
      <label className="flex items-center gap-2">
        <span className="font-medium">Filter</span>
        <select
          aria-label="Filter: Region"
          aria-busy={pending || undefined}
          value={region}
          onChange={(event) => change({ region: event.currentTarget.value })}
          className={classNames(controlClass, selectClass, 'w-64')}
        >
          {regions.map(({ code, name }) => (
            <option key={code} value={code}>
              {name} – {code}
            </option>
          ))}
        </select>
      </label>
      <FindField label="Find keys by alias or key ID" placeholder="Alias or key ID" value={filter} hidden={{ region }} />
    </div>
  )
}
