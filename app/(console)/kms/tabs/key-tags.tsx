import { DialogForm } from '#components/console/dialog-form.tsx'
import { FormInput } from '#components/console/form.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { ListResourceTags } from '#lib/kms/api'
import { attempt } from '../../../attempt.ts'
import { tagKey, untagKey } from '../actions.ts'
import type { FoundKey } from '../key-frame.tsx'
import { refusals } from '../key-page.ts'

/** The tags of a key. */
export async function KeyTagsTab({ found: { region, context, key } }: { found: FoundKey }) {
  const [tags, refused] = await Promise.all([attempt(ListResourceTags, context, { KeyId: key.KeyId }), refusals(context, key.KeyId, ['tag'])])
  if (!tags.ok) return <ProblemMessage problem={tags.problem} />
  const hidden = { region, KeyId: key.KeyId }
  return (
    <Panel
      title="Tags"
      flush
      actions={
        <DialogForm button="Add tag" title="Add or change a tag" action={tagKey} hidden={hidden} submit="Save tag" reason={refused.tag}>
          <FormInput name="TagKey" label="Key" maxLength={128} required />
          <FormInput name="TagValue" label="Value" optional maxLength={256} />
        </DialogForm>
      }
    >
      {tags.output.Tags.length === 0 ? (
        <EmptyState title="No tags">{refused.tag}</EmptyState>
      ) : (
        <dl>
          {tags.output.Tags.map(({ TagKey, TagValue }) => (
            <div key={TagKey} className="flex items-center gap-4 border-b border-line px-4 py-1.5 last:border-b-0">
              <dt className="min-w-40 font-medium wrap-anywhere">{TagKey}</dt>
              <dd className="grow wrap-anywhere">{TagValue}</dd>
              <DialogForm button="Remove" variant="quiet" title={`Remove the tag ${TagKey}`} action={untagKey} hidden={{ ...hidden, TagKey }} submit="Remove tag" danger reason={refused.tag} />
            </div>
          ))}
        </dl>
      )}
    </Panel>
  )
}
