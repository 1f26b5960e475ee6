import { columnVisibilityFeature, createSortedRowModel, rowSelectionFeature, rowSortingFeature, sortFn_alphanumeric, sortFn_basic, tableFeatures, type Row as CoreRow, type RowData } from '@tanstack/react-table'
import type { ReactNode } from 'react'

/** What the console's tables do of what the table library can. */
export const features = tableFeatures({
  rowSortingFeature,
  rowSelectionFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
})

/** A row as the library holds it: where it stands, whether it is selected. */
export type TableRowModel<Row extends RowData> = CoreRow<typeof features, Row>

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
  /** A class for its width. In a long table, whose columns are fixed, those without one share what is left. */
  width?: string
  className?: string
}>

/** Which rows are selected, and how that is changed. */
export type Selection<Row> = Readonly<{
  selected: readonly string[]
  onChange: (selected: readonly string[]) => void
  /** Why a row cannot be selected; undefined where it can. */
  reason?: (row: Row) => string | undefined
  /** The name of a row's check box. */
  name: (row: Row) => string
}>

export const cellClass = 'px-3 py-1.5 align-top first:pl-4 last:pr-4'
export const secondaryClass = 'max-md:hidden'
