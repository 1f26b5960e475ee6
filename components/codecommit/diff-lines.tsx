import { Fragment } from 'react'
import type { Hunk, PatchLine } from '#lib/git/patch'
import { classNames } from '#components/ui/class-names.ts'
import { wordDiff, type WordPart } from './word-diff.ts'

/** What changed in a file, line by line: one side under the other, or beside each other. */
export function DiffLines({ hunks, split, name }: { hunks: readonly Hunk[]; split: boolean; name: string }) {
  return (
    <div tabIndex={0} role="region" aria-label={`Changes of ${name}`} className="overflow-x-auto focus-visible:-outline-offset-2">
      <table className={classNames('w-full border-collapse font-mono text-small leading-5.5', split && 'table-fixed')}>
        {split && (
          <colgroup>
            <col className="w-12" />
            <col />
            <col className="w-12" />
            <col />
          </colgroup>
        )}
        <thead className="sr-only">
          <tr>
            <th scope="col">Line before</th>
            {split && <th scope="col">Text before</th>}
            <th scope="col">Line after</th>
            <th scope="col">{split ? 'Text after' : 'Text'}</th>
          </tr>
        </thead>
        <tbody>
          {hunks.map((hunk) => (
            <Fragment key={`${hunk.before} ${hunk.after}`}>
              <tr className="bg-sunken text-ink-3">
                <td colSpan={split ? 4 : 3} className="truncate px-3">
                  @@ {hunk.before} … {hunk.after} @@ {hunk.heading}
                </td>
              </tr>
              {pairsOf(hunk.lines).flatMap((pair, index) => (split ? [<SplitRow key={index} pair={pair} />] : inlineRows(pair, index)))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The same line on both sides, or what came in place of what. */
type Pair = Readonly<{ before: PatchLine[]; after: PatchLine[]; context?: PatchLine }>

/** Deleted lines and the added ones after them belong together. */
function pairsOf(lines: readonly PatchLine[]): Pair[] {
  const pairs: Pair[] = []
  for (const line of lines) {
    const last = pairs.at(-1)
    if (line.kind === 'context') pairs.push({ before: [], after: [], context: line })
    else if (last && !last.context && (line.kind === 'added' || last.after.length === 0)) last[line.kind === 'added' ? 'after' : 'before'].push(line)
    else pairs.push(line.kind === 'added' ? { before: [], after: [line] } : { before: [line], after: [] })
  }
  return pairs
}

/** Words are marked where as many lines came as went: only then is it known which became which. */
function wordsOf({ before, after }: Pair): Map<PatchLine, readonly WordPart[]> {
  const words = new Map<PatchLine, readonly WordPart[]>()
  if (before.length !== after.length) return words
  for (const [index, line] of before.entries()) {
    const other = after[index]
    const found = other && wordDiff(line.text, other.text)
    if (!found) continue
    words.set(line, found[0])
    words.set(other, found[1])
  }
  return words
}

function inlineRows(pair: Pair, key: number) {
  const words = wordsOf(pair)
  const lines = pair.context ? [pair.context] : [...pair.before, ...pair.after]
  return lines.map((line, index) => (
    <tr key={`${key} ${index}`} className={grounds[line.kind]}>
      <Number line={line.before} />
      <Number line={line.after} />
      <Text line={line} words={words.get(line)} className="pr-4 whitespace-pre" />
    </tr>
  ))
}

function SplitRow({ pair }: { pair: Pair }) {
  const words = wordsOf(pair)
  const befores = pair.context ? [pair.context] : pair.before
  const afters = pair.context ? [pair.context] : pair.after
  return Array.from({ length: Math.max(befores.length, afters.length) }, (_, index) => {
    const [before, after] = [befores[index], afters[index]]
    return (
      <tr key={index}>
        <Side line={before} number={before?.before ?? null} words={before && words.get(before)} />
        <Side line={after} number={after?.after ?? null} words={after && words.get(after)} />
      </tr>
    )
  })
}

function Side({ line, number, words }: { line: PatchLine | undefined; number: number | null; words: readonly WordPart[] | undefined }) {
  const ground = line ? grounds[line.kind] : 'bg-sunken'
  return (
    <>
      <Number line={number} className={ground} />
      {line ? <Text line={line} words={words} className={classNames(ground, 'border-r border-line pr-2 wrap-anywhere whitespace-pre-wrap last:border-r-0')} /> : <td className={classNames(ground, 'border-r border-line last:border-r-0')} />}
    </>
  )
}

function Number({ line, className }: { line: number | null; className?: string }) {
  return <td className={classNames('tabular w-12 min-w-12 border-r border-line px-2 text-right align-top text-ink-3 select-none', className)}>{line ?? ''}</td>
}

function Text({ line, words, className }: { line: PatchLine; words: readonly WordPart[] | undefined; className: string }) {
  const text = line.text.replace(/\r$/, '')
  return (
    <td className={className}>
      {/* Said to a screen reader too: colour alone tells nobody. */}
      <span className="inline-block w-5 pl-2 text-ink-3 select-none">{signs[line.kind]}</span>
      {words
        ? words.map((part, index) =>
            part.changed ? (
              <span key={index} className={classNames('rounded-control', line.kind === 'added' ? 'bg-added-word' : 'bg-deleted-word')}>
                {part.text}
              </span>
            ) : (
              <Fragment key={index}>{part.text}</Fragment>
            ),
          )
        : text}
      {line.unended && <span className="pl-2 text-ink-3 select-none">no newline at the end</span>}
    </td>
  )
}

const grounds = { context: '', added: 'bg-added-soft', deleted: 'bg-deleted-soft' } as const
const signs = { context: ' ', added: '+', deleted: '−' } as const
