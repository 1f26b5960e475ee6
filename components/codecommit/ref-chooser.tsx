'use client'
import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Menu, MenuHeading, MenuItem } from '#components/ui/menu.tsx'

/** Which branch the page shows. */
export function RefChooser({ branches, current, defaultBranch }: { branches: readonly string[]; current: string; defaultBranch: string | undefined }) {
  const router = useRouter()
  const pathname = usePathname()
  const parameters = useSearchParams()
  const isCommit = /^[0-9a-f]{40}$/.test(current)
  function choose(branch: string) {
    const next = new URLSearchParams(parameters)
    next.set('ref', branch)
    next.delete('token')
    router.push(`${pathname}?${next.toString()}`)
  }
  return (
    <Menu
      align="start"
      trigger={
        <Button icon={isCommit ? 'commit' : 'branch'} aria-label={`${isCommit ? 'Commit' : 'Branch'}: ${current}`}>
          <span className="max-w-60 truncate">{isCommit ? current.slice(0, 8) : current}</span>
          <Icon name="chevronDown" className="size-3.5 text-ink-3" />
        </Button>
      }
    >
      <MenuHeading>Branches</MenuHeading>
      {branches.map((branch) => (
        <MenuItem key={branch} onSelect={() => choose(branch)}>
          <span className="flex items-start gap-2">
            <Icon name="check" className={branch === current ? 'mt-0.5' : 'invisible'} />
            <span className="wrap-anywhere">{branch}</span>
            {branch === defaultBranch && <span className="text-small text-ink-3">default</span>}
          </span>
        </MenuItem>
      ))}
    </Menu>
  )
}
