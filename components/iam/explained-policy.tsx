'use client'
import { useState } from 'react'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { Explanation } from '#lib/explain/explain-access'
import { PolicyEditor } from './policy-editor.tsx'
import { PolicyText, type Mark } from './policy-text.tsx'

type Policy = Explanation['Policies'][number]

/** A policy that had a say: its text with the statements that decided marked, and the text to change for a what-if. */
export function ExplainedPolicy({
  policy,
  checks,
  edit,
  busy,
  onEdit,
  onPutBack,
  onSave,
}: {
  policy: Policy
  checks: Explanation['Checks']
  /** What is supposed in its place. */
  edit: string | undefined
  busy: boolean
  onEdit: (document: string) => void
  onPutBack: () => void
  onSave: (document: string) => void
}) {
  const [initial, setInitial] = useState<string>()
  const deciding = checks.flatMap(({ Decision, DecidedBy }) => DecidedBy.filter(({ PolicyId }) => PolicyId === policy.Id).map(({ index, effect }) => ({ index, refuses: Decision !== 'Allowed' || effect === 'Deny' })))
  const marks = deciding.flatMap(({ index, refuses }): Mark[] => {
    const lines = policy.Statements[index]
    return lines ? [{ from: lines.StartLine, to: lines.EndLine, tone: refuses ? 'danger' : 'success' }] : []
  })
  const isNew = policy.Policy === 'new'
  const title = isNew ? 'One more policy' : policy.Policy.startsWith('arn:') ? (policy.Policy.split('/').at(-1) ?? policy.Policy) : policy.Policy
  const editing = initial !== undefined || isNew
  return (
    <div id={policyAnchor(policy.Id)} className="scroll-mt-16">
      <Panel
        title={title}
        description={`${places[policy.Source]} ${policy.AttachedTo}`}
        actions={
          policy.Document === undefined ? undefined : editing ? (
            <>
              <Button
                onClick={() => {
                  setInitial(undefined)
                  onPutBack()
                }}
              >
                {isNew ? 'Remove' : 'Put back'}
              </Button>
              {edit !== undefined && !policy.ReadOnly && (
                <Button variant="primary" busy={busy} onClick={() => onSave(edit)}>
                  {isNew ? 'Save as inline policy' : 'Save'}
                </Button>
              )}
            </>
          ) : (
            <Button onClick={() => setInitial(policy.Document)}>What if…</Button>
          )
        }
      >
        {policy.Document === undefined ? (
          <p className="text-ink-2">{policy.Refused}</p>
        ) : (
          <div className="flex flex-col gap-3">
            {editing && (
              <PolicyEditor
                name={`edit-${policy.Id}`}
                label={`What if ${title} said`}
                document={initial ?? edit ?? policy.Document}
                kind={policy.Source === 'resource-policy' ? 'resource' : 'identity'}
                edited={{ source: policy.Source, policy: policy.Policy, attachedTo: policy.AttachedTo }}
                description={policy.ReadOnly ? 'AWS manages this policy: it can be supposed to say something else, and not be saved.' : undefined}
                onChange={onEdit}
              />
            )}
            {!editing && <PolicyText document={policy.Document} label={title} marks={marks} />}
            {!editing && marks.length === 0 && <p className="text-small text-ink-3">No statement of it decided anything here.</p>}
            {policy.Supposed && (
              <p>
                <Badge tone="info">Supposed</Badge> <span className="text-small text-ink-2">{marks.length === 0 ? 'No statement of it decides anything here.' : `Lines ${marks.map(({ from, to }) => `${from}–${to}`).join(', ')} decide.`}</span>
              </p>
            )}
          </div>
        )}
      </Panel>
    </div>
  )
}

/** Where on the page a policy is. */
export function policyAnchor(id: string): string {
  return `policy-${id.replace(/[^A-Za-z0-9-]+/g, '-')}`
}

const places: Readonly<Record<Policy['Source'], string>> = {
  'identity-policy': 'A policy of the user',
  'group-policy': 'A policy of the group',
  'resource-policy': 'The policy of the key',
}
