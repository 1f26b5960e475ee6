'use client'
import { useOptimistic } from 'react'
import { fieldOf, useAct } from '#components/console/act.ts'
import type { Action, FormAction } from '#components/console/action-state.ts'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { FormInput } from '#components/console/form.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Button } from '#components/ui/button.tsx'
import { WithReason } from '#components/ui/disabled-reason.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Panel } from '#components/ui/panel.tsx'

type Tag = Readonly<{ key: string; value: string }>
type Change = Readonly<{ key: string; value: string | undefined }>

/** The tags of a key, to be added, changed and removed; `reason` says why they cannot be. */
export function KeyTagList({ tags, hidden, reason, tag, untag }: { tags: readonly Tag[]; hidden: Readonly<Record<string, string>>; reason: string | undefined; tag: Action; untag: Action }) {
  const { act, begin, problem } = useAct()
  const [shown, show] = useOptimistic(tags, changed)

  const save: FormAction = (form) => {
    const [key, value] = [fieldOf(form, 'TagKey'), fieldOf(form, 'TagValue')]
    // What cannot be right is left to the form, which says so at its field.
    if (key === '') return tag(form)
    const before = tags.find((each) => each.key === key)
    const undo = before ? { action: tag, values: { ...hidden, TagKey: key, TagValue: before.value } } : { action: untag, values: { ...hidden, TagKey: key } }
    return begin(tag, () => ({ before: () => show({ key, value }), undo }))(form)
  }

  function remove({ key, value }: Tag) {
    act(untag, { ...hidden, TagKey: key }, { before: () => show({ key, value: undefined }), undo: { action: tag, values: { ...hidden, TagKey: key, TagValue: value } } })
  }

  return (
    <>
      {problem && <ProblemMessage problem={problem} live />}
      <Panel
        title="Tags"
        flush
        actions={
          <DialogForm button="Add tag" title="Add or change a tag" action={save} hidden={hidden} submit="Save tag" reason={reason}>
            <FormInput name="TagKey" label="Key" maxLength={128} required />
            <FormInput name="TagValue" label="Value" optional maxLength={256} />
          </DialogForm>
        }
      >
        {shown.length === 0 ? (
          <EmptyState title="No tags">{reason}</EmptyState>
        ) : (
          <dl>
            {shown.map((each) => (
              <div key={each.key} className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 border-b border-line px-4 py-1.5 last:border-b-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)_auto]">
                <dt className="min-w-0 py-1 font-medium wrap-anywhere">{each.key}</dt>
                <dd className="min-w-0 py-1 wrap-anywhere text-ink-2 max-sm:col-start-1">{each.value}</dd>
                <dd className="max-sm:col-start-2 max-sm:row-start-1">
                  <WithReason reason={reason}>
                    <Button variant="quiet" disabled={reason !== undefined} aria-label={`Remove the tag ${each.key}`} onClick={() => remove(each)}>
                      Remove
                    </Button>
                  </WithReason>
                </dd>
              </div>
            ))}
          </dl>
        )}
      </Panel>
    </>
  )
}

function changed(tags: readonly Tag[], { key, value }: Change): readonly Tag[] {
  if (value === undefined) return tags.filter((tag) => tag.key !== key)
  return tags.some((tag) => tag.key === key) ? tags.map((tag) => (tag.key === key ? { key, value } : tag)) : [...tags, { key, value }]
}
