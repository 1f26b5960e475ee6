import { ProblemMessage } from '#components/console/problem-message.tsx'
import { KeyTagList } from '#components/kms/key-tag-list.tsx'
import { ListResourceTags } from '#lib/kms/api'
import { attempt } from '../../../attempt.ts'
import { tagKey, untagKey } from '../actions.ts'
import type { FoundKey } from '../key-frame.tsx'
import { refusals } from '../key-page.ts'

/** The tags of a key. */
export async function KeyTagsTab({ found: { region, context, key } }: { found: FoundKey }) {
  const [tags, refused] = await Promise.all([attempt(ListResourceTags, context, { KeyId: key.KeyId }), refusals(context, key.KeyId, ['tag'])])
  if (!tags.ok) return <ProblemMessage problem={tags.problem} />
  return (
    <KeyTagList
      tags={tags.output.Tags.map(({ TagKey, TagValue }) => ({ key: TagKey, value: TagValue }))}
      hidden={{ region, KeyId: key.KeyId }}
      reason={refused.tag}
      tag={tagKey}
      untag={untagKey}
    />
  )
}
