'use client'
import type { RowData } from '@tanstack/react-table'
import { memo, type Ref } from 'react'
import { classNames } from './class-names.ts'
import { choiceClass } from './field.tsx'
import { cellClass, secondaryClass, type Column, type Selection, type TableRowModel } from './table-features.ts'

type TableRowProps<Row extends RowData> = Readonly<{
  row: TableRowModel<Row>
  /** Its place among all rows, from 0. */
  index: number
  columns: readonly Column<Row>[]
  /** The one row that Tab comes to. */
  tabbable: boolean
  selected: boolean
  current: boolean
  selection: Selection<Row> | undefined
  /** Not all rows are in the document: this one says which it is. */
  windowed?: boolean
  ref?: Ref<HTMLTableRowElement>
}>

/** A row with its check box and cells. Moving the focus between rows draws none of them again. */
export const TableRow = memo(PlainTableRow) as typeof PlainTableRow

function PlainTableRow<Row extends RowData>({ row, index, columns, tabbable, selected, current, selection, windowed = false, ref }: TableRowProps<Row>) {
  const reason = selection?.reason?.(row.original)
  return (
    <tr
      ref={ref}
      data-index={index}
      // The head is the first row.
      aria-rowindex={windowed ? index + 2 : undefined}
      tabIndex={tabbable ? 0 : -1}
      aria-selected={selection ? selected : undefined}
      aria-current={current ? 'true' : undefined}
      className={classNames('border-b border-line last:border-b-0 hover:bg-hover focus-visible:-outline-offset-2', windowed && 'scroll-mt-10', (selected || current) && 'bg-selected hover:bg-selected')}
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
        <td key={column.id} className={classNames(cellClass, column.secondary && secondaryClass, column.numeric && 'tabular text-right', column.width, column.className)}>
          {column.cell ? column.cell(row.original) : column.value(row.original)}
        </td>
      ))}
    </tr>
  )
}
