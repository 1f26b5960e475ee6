'use client'
import { autocompletion, closeBrackets, completionKeymap, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { linter, lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { unifiedMergeView } from '@codemirror/merge'
import { Compartment, EditorState, type Text } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef, useState } from 'react'
import type { Action } from '#components/console/action-state.ts'
import { checkDocument, nothingLost, type EditedPolicy, type Losses } from './check-document.ts'
import { placeAt } from './policy-place.ts'
import type { PolicyTools, PolicyVocabulary } from './policy-tools.tsx'

/** What was found in a document: a fault with its place, or what its writer would lose by it. */
export type Checked = Losses & Readonly<{ fault?: string }>

type CodeEditorProps = Readonly<{
  label: string
  /** What was there, to show the changes against. */
  original: string
  /** What to begin with. */
  text: string
  kind: 'identity' | 'resource'
  tools: PolicyTools
  edited: EditedPolicy | undefined
  /** Show the changes against what was there at first. */
  compare: boolean
  /** What IAM refused at the last try, with its place. */
  refused: string | undefined
  onChange: (document: string) => void
  onChecked: (found: Checked) => void
}>

/** CodeMirror for a policy document. It is uncontrolled: `original` and `text` are read once. */
export function CodeEditor({ label, original, text, kind, tools, edited, compare, refused, onChange, onChecked }: CodeEditorProps) {
  const parent = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const comparison = useRef(new Compartment())
  // The editor lives on while the page renders: it calls what is newest.
  const newest = useRef({ onChange, onChecked })
  useEffect(() => {
    newest.current = { onChange, onChecked }
  })
  // Whoever was writing in the plain field that this takes the place of goes on where they were.
  const [selection] = useState(() => selectionIn(label))
  const first = useRef({ label, original, text, kind, tools, edited, selection })

  useEffect(() => {
    if (!parent.current) return
    const { label, text, kind, tools, edited, selection } = first.current
    const editor = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          json(),
          syntaxHighlighting(colours),
          autocompletion({ override: [(context) => complete(context, tools.vocabulary, kind)] }),
          linter((shown) => check(shown, tools.check, kind, edited, newest.current.onChecked), { delay: 400 }),
          keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': label, 'aria-multiline': 'true', spellcheck: 'false', tabindex: '0' }),
          EditorView.lineWrapping,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) newest.current.onChange(update.state.doc.toString())
          }),
          theme,
          comparison.current.of([]),
        ],
      }),
    })
    view.current = editor
    if (selection) {
      editor.dispatch({ selection })
      editor.focus()
    }
    return () => editor.destroy()
  }, [])

  useEffect(() => {
    view.current?.dispatch({ effects: comparison.current.reconfigure(compare ? unifiedMergeView({ original: first.current.original, mergeControls: false }) : []) })
  }, [compare])

  useEffect(() => {
    const editor = view.current
    if (!editor || refused === undefined) return
    const found = diagnosticOf(editor.state.doc, refused)
    editor.dispatch(setDiagnostics(editor.state, [found]), { selection: { anchor: found.from }, scrollIntoView: true })
    editor.focus()
  }, [refused])

  return <div ref={parent} className="min-w-0 overflow-hidden rounded-control border border-outline bg-surface focus-within:border-accent" />
}

/** What is selected in the plain field of this name, where somebody is writing in it. */
function selectionIn(label: string): { anchor: number; head: number } | undefined {
  const { activeElement } = document
  if (!(activeElement instanceof HTMLTextAreaElement) || activeElement.ariaLabel !== label) return undefined
  return { anchor: activeElement.selectionStart, head: activeElement.selectionEnd }
}

/** What is wrong, by the parser that decides in earnest; and whether the document would lock its writer out. */
async function check(view: EditorView, ask: Action, kind: 'identity' | 'resource', edited: EditedPolicy | undefined, onChecked: (found: Checked) => void): Promise<Diagnostic[]> {
  const { state, ...losses } = await checkDocument(ask, view.state.doc.toString(), kind, edited)
  if (state.outcome === 'refused') {
    const { message } = state.problem
    onChecked({ ...nothingLost, fault: message })
    return [diagnosticOf(view.state.doc, message)]
  }
  onChecked(losses)
  return []
}

/** `… (Statement[0].Action, line 5, column 17)` */
function diagnosticOf(doc: Text, message: string): Diagnostic {
  const place = /line (\d+), column (\d+)/.exec(message)
  const line = doc.line(Math.min(Math.max(Number(place?.[1] ?? 1), 1), doc.lines))
  const from = Math.min(line.from + Number(place?.[2] ?? 1) - 1, line.to)
  return { from, to: Math.max(line.to, from), severity: 'error', message }
}

function complete(context: CompletionContext, vocabulary: PolicyVocabulary, kind: 'identity' | 'resource'): CompletionResult | null {
  const place = placeAt(context.state.doc.toString(), context.pos)
  if (!place) return null
  const options = optionsAt(place.path, place.inName, vocabulary, kind)
  return options.length === 0 ? null : { from: place.from, options: options.map((label) => ({ label })), validFor: /^[^"]*$/ }
}

function optionsAt(path: readonly string[], inName: boolean, vocabulary: PolicyVocabulary, kind: 'identity' | 'resource'): readonly string[] {
  const last = path.at(-1)
  if (inName) {
    if (path.length === 0) return ['Version', 'Id', 'Statement']
    if (last === 'Statement') return kind === 'resource' ? [...elements, 'Principal', 'NotPrincipal'] : elements
    if (last === 'Condition') return vocabulary.operators
    if (last === 'Principal' || last === 'NotPrincipal') return ['AWS', 'Service']
    return path.at(-2) === 'Condition' ? vocabulary.conditionKeys : []
  }
  if (last === 'Version') return ['2012-10-17']
  if (last === 'Effect') return ['Allow', 'Deny']
  if (last === 'Action' || last === 'NotAction') return vocabulary.actions
  if (last === 'Resource' || last === 'NotResource') return vocabulary.resources
  return path.includes('Principal') || path.includes('NotPrincipal') ? vocabulary.principals : []
}

const elements = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']

const theme = EditorView.theme({
  '&': { fontSize: '0.75rem', maxHeight: '32rem', backgroundColor: 'transparent', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-geist-mono), ui-monospace, monospace', lineHeight: '1.25rem', minHeight: '12rem' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '0.5rem 0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--ink-3)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': { background: 'var(--selected)' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--ink)', border: '1px solid var(--line)', borderRadius: '0.25rem' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--selected)', color: 'var(--ink)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--danger)' },
  '.cm-changedLine': { backgroundColor: 'var(--added-soft)' },
  '.cm-deletedChunk': { backgroundColor: 'var(--deleted-soft)' },
  // Of its own it has a ground that colours of text cannot be read on.
  '& .cm-deletedChunk .cm-deletedText': { background: 'none', borderBottom: '2px solid var(--danger)' },
})

/** The colours of source text everywhere: the names of members apart from their values. */
const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--code-keyword)' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-constant)' },
  { tag: [tags.separator, tags.squareBracket, tags.brace], color: 'var(--ink-2)' },
])
