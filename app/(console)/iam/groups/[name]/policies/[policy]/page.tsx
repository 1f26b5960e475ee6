import type { Metadata } from 'next'
import { readSegment } from '../../../../../../query.ts'
import { InlinePolicy } from '../../../../inline-policy-pages.tsx'
import { groupHolder } from '../../../../policy-holder.ts'

type Props = { params: Promise<{ name: string; policy: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: readSegment((await params).policy) }
}

export default async function GroupPolicyPage({ params }: Props) {
  const { name, policy } = await params
  return <InlinePolicy holder={groupHolder(readSegment(name))} policyName={readSegment(policy)} />
}
