import type { Metadata } from 'next'
import { readSegment } from '../../../../../query.ts'
import { CreateInlinePolicy } from '../../../inline-policy-pages.tsx'
import { groupHolder } from '../../../policy-holder.ts'

export const metadata: Metadata = { title: 'Create inline policy' }

export default async function CreateGroupPolicyPage({ params }: { params: Promise<{ name: string }> }) {
  return <CreateInlinePolicy holder={groupHolder(readSegment((await params).name))} />
}
