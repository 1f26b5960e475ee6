'use client'
import {
  createSortedRowModel,
  rowSelectionFeature,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
  type ColumnDef,
  type RowData,
} from '@tanstack/react-table'
import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { choiceClass } from './field.tsx'
import { Icon } from './icon.tsx'

const features = tableFeatures({
  rowSortingFeature,
  rowSelectionFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
})

/** One column: what it is called, what a row is sorted by in it, and how its cell looks. */
export type Column<Row> = Readonly<{
  id: string
  header: string
  /** What the column is sorted by; also the cell's text where `cell` is not given. */
  value: (row: Row) => string | number
  cell?: (row: Row) => ReactNode
  /** Of less interest: hidden on narrow screens. */
  secondary?: boolean
  numeric?: boolean
  sortable?: boolean
  className?: string
}>

export type TableProps<Row> = Readonly<{
  /** What the table lists, for assistive technology: `Repositories`. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowId: (row: Row) => string
  /** What stands in place of rows where there are none. */
  empty: ReactNode
  /** Sorting the rows shown; a list that the server pages keeps the server's order (false). */
  sortable?: boolean
  /** The row that is shown beside the table. */
  current?: string | undefined
  selection?: Readonly<{
    selected: readonly string[]
    onChange: (selected: readonly string[]) => void
    /** Why a row cannot be selected; undefined where it can. */
    reason?: (row: Row) => string | undefined
    /** The name of a row's check box. */
    name: (row: Row) => string
  }>
}>

/**
 * A dense table. Arrow keys, Home and End move between rows, Enter opens the row's first link, the space bar selects.
 * `/` is the page's: it goes to the field marked `data-find`.
 */
export function Table<Row extends RowData>({ label, columns, rows, rowId, empty, sortable = true, current, selection }: TableProps<Row>) {
  const definitions: ColumnDef<typeof features, Row>[] = columns.map((column) => ({
    id: column.id,
    accessorFn: column.value,
    sortFn: 'alphanumeric',
    enableSorting: sortable && column.sortable !== false,
  }))
  const chosen = selection?.selected ?? none
  const table = useTable<typeof features, Row>({
    features,
    columns: definitions,
    data: rows,
    getRowId: rowId,
    enableRowSelection: (row) => selection !== undefined && selection.reason?.(row.original) === undefined,
    state: { rowSelection: Object.fromEntries(chosen.map((id) => [id, true])) },
    onRowSelectionChange: (change) => {
      const before = Object.fromEntries(chosen.map((id) => [id, true as const]))
      const after = typeof change === 'function' ? change(before) : change
      selection?.onChange(Object.keys(after).filter((id) => after[id]))
    },
  })
  const body = useRef<HTMLTableSectionElement>(null)

  if (rows.length === 0) return <div className={frameClass}>{empty}</div>
  return (
    <div className={classNames(frameClass, 'overflow-x-auto')}>
      <table aria-label={label} className="w-full border-collapse text-left">
        <thead>
          <tr className="border-b border-line">
            {selection && (
              <th className="w-8 py-1.5 pr-0 pl-4">
                <input
                  type="checkbox"
                  aria-label="Select all"
                  className={choiceClass}
                  checked={table.getIsAllRowsSelected()}
                  onChange={table.getToggleAllRowsSelectedHandler()}
                />
              </th>
            )}
            {table.getHeaderGroups()[0]?.headers.map((header, index) => {
              const column = columns[index]
              const sorted = header.column.getIsSorted()
              return (
                <th
                  key={header.id}
                  scope="col"
                  aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
                  className={classNames(cellClass, 'text-small font-medium whitespace-nowrap text-ink-2', column?.secondary && secondaryClass, column?.numeric && 'text-right')}
                >
                  {header.column.getCanSort() ? (
                    <button
                      type="button"
                      onClick={header.column.getToggleSortingHandler()}
                      className="-mx-1 inline-flex items-center gap-1 rounded-control px-1 hover:text-ink"
                    >
                      {column?.header}
                      <Icon
                        name={sorted === false ? 'sort' : 'chevronDown'}
                        className={classNames('size-3', sorted === false ? 'opacity-45' : 'text-accent', sorted === 'asc' && 'rotate-180')}
                      />
                    </button>
                  ) : (
                    column?.header
                  )}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={moveBetweenRows}>
          {table.getRowModel().rows.map((row, index) => {
            const reason = selection?.reason?.(row.original)
            const selected = row.getIsSelected()
            return (
              <tr
                key={row.id}
                tabIndex={index === 0 ? 0 : -1}
                aria-selected={selection ? selected : undefined}
                aria-current={row.id === current ? 'true' : undefined}
                className={classNames(
                  'border-b border-line last:border-b-0 hover:bg-hover focus-visible:-outline-offset-2',
                  (selected || row.id === current) && 'bg-selected hover:bg-selected',
                )}
              >
                {selection && (
                  <td className="w-8 py-1.5 pr-0 pl-4 align-top">
                    <input
                      type="checkbox"
                      aria-label={selection.name(row.original)}
                      title={reason}
                      disabled={reason !== undefined}
                      className={classNames(choiceClass, 'disabled:cursor-not-allowed disabled:opacity-40')}
                      checked={selected}
                      onChange={row.getToggleSelectedHandler()}
                    />
                  </td>
                )}
                {columns.map((column) => (
                  <td
                    key={column.id}
                    className={classNames(cellClass, column.secondary && secondaryClass, column.numeric && 'tabular text-right', column.className)}
                  >
                    {column.cell ? column.cell(row.original) : column.value(row.original)}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function moveBetweenRows(event: KeyboardEvent<HTMLTableSectionElement>) {
  const row = event.target instanceof HTMLElement ? event.target.closest('tr') : null
  if (!row) return
  const onRow = event.target === row
  const next = {
    ArrowDown: row.nextElementSibling,
    ArrowUp: row.previousElementSibling,
    Home: row.parentElement?.firstElementChild,
    End: row.parentElement?.lastElementChild,
  }[event.key]
  if (next instanceof HTMLElement) {
    event.preventDefault()
    row.tabIndex = -1
    next.tabIndex = 0
    next.focus()
  } else if (onRow && event.key === 'Enter') {
    row.querySelector('a')?.click()
  } else if (onRow && event.key === ' ') {
    event.preventDefault()
    row.querySelector<HTMLInputElement>('input[type=checkbox]')?.click()
  }
}

const none: readonly string[] = []
const frameClass = 'rounded-panel border border-line bg-surface'
const cellClass = 'px-3 py-1.5 align-top first:pl-4 last:pr-4'
const secondaryClass = 'max-md:hidden'
