import { Fragment } from 'react'
import type { CodeLine } from './highlight.ts'

/** One line of source, coloured. */
export function CodeText({ line }: { line: CodeLine }) {
  return line.map((token, index) =>
    typeof token === 'string' ? (
      <Fragment key={index}>{token}</Fragment>
    ) : (
      <span key={index} className={`code-${token[0]}`}>
        {token[1]}
      </span>
    ),
  )
}
