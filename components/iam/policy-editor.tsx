'use client'
import { use, useState } from 'react'
import { useFieldError } from '#components/console/form.tsx'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { controlClass, FieldError } from '#components/ui/field.tsx'
import { nothingLost, type EditedPolicy } from './check-document.ts'
import type { Checked, CodeEditor } from './code-editor.tsx'
import { LossesMessage } from './losses-message.tsx'
import { PolicyToolsContext } from './policy-tools.tsx'

/**
 * A policy document to write: actions, condition keys, operators and ARNs are completed; what IAM would find wrong is marked at
 * its place as one types; the changes can be seen against what was there; and whoever is about to lock themselves out is told.
 */
export function PolicyEditor({
  name,
  label,
  document,
  description,
  kind = 'identity',
  edited,
  onChange,
}: {
  name: string
  label: string
  document: string
  description?: string | undefined
  kind?: 'identity' | 'resource'
  edited?: EditedPolicy | undefined
  onChange?: (document: string) => void
}) {
  const refused = useFieldError(name)
  const tools = use(PolicyToolsContext)
  const [text, setText] = useState(document)
  const [changes, setChanges] = useState(false)
  const [{ fault, ...losses }, setChecked] = useState<Checked>(nothingLost)
  const [Editor, setEditor] = useState<typeof CodeEditor>()

  function change(next: string) {
    setText(next)
    onChange?.(next)
  }

  // Fetched when somebody turns to the field: half a page's JavaScript again. Until it is there the plain field takes what is typed.
  function fetchEditor() {
    if (tools) void import('./code-editor.tsx').then((loaded) => setEditor(() => loaded.CodeEditor))
  }

  const plain = (
    <textarea aria-label={label} value={text} spellCheck={false} wrap="off" rows={14} onPointerEnter={fetchEditor} onFocus={fetchEditor} onChange={(event) => change(event.currentTarget.value)} className={classNames(controlClass, 'w-full font-mono text-small')} />
  )
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <div className="flex flex-wrap items-end justify-between gap-2">
        <div>
          <div className="font-medium">{label}</div>
          {description !== undefined && <p className="text-small text-ink-2">{description}</p>}
        </div>
        {text !== document && (
          <Button variant="quiet" aria-pressed={changes} onClick={() => setChanges(!changes)}>
            {changes ? 'Hide changes' : 'Show changes'}
          </Button>
        )}
      </div>
      <input type="hidden" name={name} value={text} />
      {Editor && tools ? (
        <Editor label={label} original={document} text={text} kind={kind} tools={tools} edited={edited} compare={changes && text !== document} refused={refused} onChange={change} onChecked={setChecked} />
      ) : (
        plain
      )}
      {(fault ?? refused) !== undefined && <FieldError>{fault ?? refused}</FieldError>}
      <LossesMessage losses={losses} />
      <p className="text-small text-ink-3">Ctrl-Space completes. Tab leaves the editor.</p>
    </div>
  )
}
