'use client'
import { useMemo, useState, type ReactNode } from 'react'
import { ColumnChoiceContext, type HiddenColumns } from '#components/ui/column-choice.tsx'
import { columnCookie, formatColumns } from './column-cookie.ts'

/** Keeps for each table which columns are left out; `begin` is what the request's cookie said. */
export function KeptColumns({ begin, children }: { begin: HiddenColumns; children: ReactNode }) {
  const [hidden, setHidden] = useState(begin)
  const choice = useMemo(
    () => ({
      hidden,
      choose: (table: string, columns: readonly string[]) => {
        const { [table]: _before, ...others } = hidden
        const next = { ...others, [table]: columns }
        document.cookie = `${columnCookie}=${formatColumns(next)}; Path=/; Max-Age=31536000; SameSite=Lax`
        setHidden(next)
      },
    }),
    [hidden],
  )
  return <ColumnChoiceContext value={choice}>{children}</ColumnChoiceContext>
}
