'use client'
import { createContext, use } from 'react'
import { classNames } from './class-names.ts'
import { Icon } from './icon.tsx'
import { Menu, MenuCheckbox, MenuHeading, MenuItem, MenuSeparator } from './menu.tsx'
import { secondaryClass, type Column } from './table-features.ts'

/** The columns that are left out, by the name of their table. */
export type HiddenColumns = Readonly<Record<string, readonly string[]>>

/** What is left out of each table, and how that is changed. Whoever puts it around tables keeps the choice. */
export const ColumnChoiceContext = createContext<Readonly<{ hidden: HiddenColumns; choose: (table: string, hidden: readonly string[]) => void }>>({ hidden: {}, choose: () => undefined })

/** The choice for one table: what is left out of those columns that may be. A table of fewer than four has none. */
export function useColumnChoice<Row>(table: string, columns: readonly Column<Row>[]): Readonly<{ choosable: readonly Column<Row>[]; hidden: readonly string[]; choose: (hidden: readonly string[]) => void }> {
  const { hidden, choose } = use(ColumnChoiceContext)
  const named = columns.filter(({ header }) => header !== '')
  const choosable = named.length < leastColumns ? [] : named
  const fixed = identifying(columns)
  return {
    choosable,
    hidden: (hidden[table] ?? []).filter((id) => choosable.some((column) => column.id === id && column !== fixed)),
    choose: (next) => choose(table, next),
  }
}

/** The menu at the right end of a table's head: a check box for each column. */
export function ColumnMenu<Row>({ columns, hidden, onChange }: { columns: readonly Column<Row>[]; hidden: readonly string[]; onChange: (hidden: readonly string[]) => void }) {
  const fixed = identifying(columns)
  return (
    <Menu
      trigger={
        <button type="button" aria-label="Columns" title="Columns" className="grid size-6 place-items-center rounded-control text-ink-3 hover:bg-hover hover:text-ink data-[state=open]:bg-hover data-[state=open]:text-ink">
          <Icon name="columns" className="size-3.5" />
        </button>
      }
    >
      <MenuHeading>Columns</MenuHeading>
      {columns.map((column) => (
        <MenuCheckbox
          key={column.id}
          checked={!hidden.includes(column.id)}
          reason={column === fixed ? 'It says which row is which.' : undefined}
          // Where there is no room for a column there is none to choose.
          className={classNames(column.secondary && secondaryClass)}
          onChange={(shown) => onChange(shown ? hidden.filter((id) => id !== column.id) : [...hidden, column.id])}
        >
          {column.header}
        </MenuCheckbox>
      ))}
      {hidden.length > 0 && (
        <>
          <MenuSeparator />
          <MenuItem onSelect={() => onChange([])}>Show all</MenuItem>
        </>
      )}
    </Menu>
  )
}

/** The column that tells rows apart, and so stays: the first that even a phone has room for. */
function identifying<Row>(columns: readonly Column<Row>[]): Column<Row> | undefined {
  return columns.find(({ secondary }) => secondary !== true)
}

const leastColumns = 4
