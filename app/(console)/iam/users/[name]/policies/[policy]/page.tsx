import type { Metadata } from 'next'
import { readSegment } from '../../../../../../query.ts'
import { InlinePolicy } from '../../../../inline-policy-pages.tsx'
import { userHolder } from '../../../../policy-holder.ts'

type Props = { params: Promise<{ name: string; policy: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: readSegment((await params).policy) }
}

export default async function UserPolicyPage({ params }: Props) {
  const { name, policy } = await params
  return <InlinePolicy holder={userHolder(readSegment(name))} policyName={readSegment(policy)} />
}
