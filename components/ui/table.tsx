'use client'
import { useTable, type ColumnDef, type RowData } from '@tanstack/react-table'
import { use, type ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { ColumnMenu, useColumnChoice } from './column-choice.tsx'
import { choiceClass } from './field.tsx'
import { Icon } from './icon.tsx'
import { ScriptsContext } from './scripts.ts'
import { TableBody, WindowedTableBody } from './table-body.tsx'
import { cellClass, features, secondaryClass, type Column, type Selection } from './table-features.ts'

export type { Column } from './table-features.ts'

export type TableProps<Row> = Readonly<{
  /** What the table lists, for assistive technology: `Repositories`. */
  label: string
  /** Under which its choice of columns is kept, where another table of that label has others; else its label. */
  choice?: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowId: (row: Row) => string
  /** What stands in place of rows where there are none. */
  empty: ReactNode
  /** Sorting the rows shown; a list that the server pages keeps the server's order (false). */
  sortable?: boolean
  /** The row that is shown beside the table. */
  current?: string | undefined
  /**
   * The server pages the list, and it has more than its first page: rows are added at its end; `more` while some follow. It keeps
   * the server's order, and its columns keep their widths.
   */
  growing?: 'more' | 'whole' | undefined
  selection?: Selection<Row>
}>

/**
 * A dense table. Arrow keys, Page Up and Page Down, Home and End move between rows, Enter opens the row's first link, the space
 * bar selects. Of four columns and more one chooses which are shown; of more rows than `mostWhole` those near what is seen are
 * in the document. `/` is the page's: it goes to the field marked `data-find`.
 */
export function Table<Row extends RowData>({ label, choice = label, columns, rows, rowId, empty, sortable = true, current, growing, selection }: TableProps<Row>) {
  const { choosable, hidden, choose } = useColumnChoice(choice, columns)
  const scripts = use(ScriptsContext)
  const definitions: ColumnDef<typeof features, Row>[] = columns.map((column) => ({
    id: column.id,
    accessorFn: column.value,
    sortFn: 'alphanumeric',
    enableSorting: sortable && growing === undefined && column.sortable !== false,
  }))
  const chosen = selection?.selected ?? none
  const table = useTable<typeof features, Row>({
    features,
    columns: definitions,
    data: rows,
    getRowId: rowId,
    enableRowSelection: (row) => selection !== undefined && selection.reason?.(row.original) === undefined,
    state: { rowSelection: Object.fromEntries(chosen.map((id) => [id, true])), columnVisibility: Object.fromEntries(hidden.map((id) => [id, false])) },
    onRowSelectionChange: (change) => {
      const before = Object.fromEntries(chosen.map((id) => [id, true as const]))
      const after = typeof change === 'function' ? change(before) : change
      selection?.onChange(Object.keys(after).filter((id) => after[id]))
    },
  })

  if (rows.length === 0) return <div className={frameClass}>{empty}</div>
  const shown = table.getVisibleLeafColumns().flatMap(({ id }) => columns.find((column) => column.id === id) ?? [])
  const model = table.getRowModel().rows
  const whole = model.length <= mostWhole || !scripts
  // A body that changes its kind would lose the focus as rows are added.
  const windowed = !whole || growing !== undefined
  const Body = windowed ? WindowedTableBody : TableBody
  return (
    <div className={classNames(frameClass, 'relative')}>
      {choosable.length > 0 && (
        <div className="absolute top-1 right-1 z-10 rounded-control bg-surface">
          <ColumnMenu columns={choosable} hidden={hidden} onChange={choose} />
        </div>
      )}
      <div className="overflow-x-auto">
        <table aria-label={label} aria-rowcount={growing === 'more' ? -1 : windowed ? model.length + 1 : undefined} className={classNames('w-full border-collapse text-left', windowed && 'table-fixed')}>
          <thead>
            <tr className="border-b border-line" aria-rowindex={windowed ? 1 : undefined}>
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
                const column = shown[index]
                const sorted = header.column.getIsSorted()
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
                    className={classNames(
                      cellClass,
                      'text-small font-medium text-ink-2',
                      !windowed && 'md:whitespace-nowrap',
                      // The menu of columns is there.
                      choosable.length > 0 && 'last:pr-9',
                      column?.secondary && secondaryClass,
                      column?.numeric && 'text-right',
                      column?.width,
                    )}
                  >
                    {header.column.getCanSort() ? (
                      <button
                        type="button"
                        onClick={header.column.getToggleSortingHandler()}
                        className="-mx-1 inline-flex items-center gap-1 rounded-control px-1 text-left hover:text-ink"
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
          <Body label={choice} rows={model} columns={shown} current={current} selection={selection} whole={whole} />
        </table>
      </div>
    </div>
  )
}

const none: readonly string[] = []
const frameClass = 'rounded-panel border border-line bg-surface'
/** More rows than this are not all in the document: pages of a list are shorter, and the browser finds text in them. */
const mostWhole = 100
