'use client'
import type { RowData } from '@tanstack/react-table'
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual'
import { Fragment, useLayoutEffect, useState } from 'react'
import { rowHeights } from './row-heights.ts'
import { useRowKeys } from './row-keys.ts'
import type { Column, Selection, TableRowModel } from './table-features.ts'
import { TableRow } from './table-row.tsx'

type BodyProps<Row extends RowData> = Readonly<{
  /** The table's, under which the heights of its rows are kept. */
  label: string
  rows: readonly TableRowModel<Row>[]
  columns: readonly Column<Row>[]
  current: string | undefined
  selection: Selection<Row> | undefined
  /** All rows are drawn: they are few. */
  whole: boolean
}>

/** All rows of a table. */
export function TableBody<Row extends RowData>({ rows, columns, current, selection }: BodyProps<Row>) {
  const { body, active, onKeyDown, onFocus } = useRowKeys(rows.length)
  return (
    <tbody ref={body} onKeyDown={onKeyDown} onFocus={onFocus}>
      {rows.map((row, index) => (
        <TableRow key={row.id} row={row} index={index} columns={columns} tabbable={index === active} selected={row.getIsSelected()} current={row.id === current} selection={selection} />
      ))}
    </tbody>
  )
}

/**
 * Of a long table, the rows near what is seen, and the one that has the focus or would get it. The others are empty space of
 * their height. The server draws the first screenful.
 */
export function WindowedTableBody<Row extends RowData>({ label, rows, columns, current, selection, whole }: BodyProps<Row>) {
  const { body, active, onKeyDown, onFocus } = useRowKeys(rows.length)
  const [top, setTop] = useState(0)
  const [heights] = useState(() => rowHeights(label))
  const window = useWindowVirtualizer<HTMLTableRowElement>({
    count: rows.length,
    estimateSize: (index) => heights.get(rows[index]?.id ?? '') ?? rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
    scrollMargin: top,
    // The server's answer, and what the browser begins with: the same, wherever it has been scrolled to.
    initialRect: firstScreen,
    initialOffset: 0,
    rangeExtractor: (range) => {
      if (whole) return rows.map((_, index) => index)
      const near = defaultRangeExtractor(range)
      return near.includes(active) ? near : [...near, active].sort((a, b) => a - b)
    },
  })
  const items = window.getVirtualItems()
  // What stands above may come and go: the place is asked for each time that other rows are drawn.
  useLayoutEffect(() => {
    const now = body.current === null ? 0 : Math.round(body.current.getBoundingClientRect().top + scrollY)
    if (now !== top) setTop(now)
    for (const { key, size } of items) heights.set(String(key), size)
  }, [body, top, items, heights])

  const end = window.getTotalSize() + top
  return (
    <tbody ref={body} onKeyDown={onKeyDown} onFocus={onFocus}>
      {items.map(({ key, index, start }, place) => {
        const row = rows[index]
        return (
          row && (
            <Fragment key={key}>
              <Space height={start - (items[place - 1]?.end ?? top)} />
              <TableRow ref={window.measureElement} row={row} index={index} columns={columns} tabbable={index === active} selected={row.getIsSelected()} current={row.id === current} selection={selection} windowed />
            </Fragment>
          )
        )
      })}
      <Space height={end - (items.at(-1)?.end ?? top)} />
    </tbody>
  )
}

/** Where rows are that are not drawn. One cell: over more, those of columns that a phone has no room for would be there again, empty. */
function Space({ height }: { height: number }) {
  if (height < 1) return null
  return (
    <tr aria-hidden="true">
      <td style={{ height }} />
    </tr>
  )
}

/** Pixels of a row whose cells are one line each, its border included. */
const rowHeight = 33
const firstScreen = { width: 0, height: 1100 }
