import type { Metadata } from 'next'
import { readSegment } from '../../../../../query.ts'
import { CreateInlinePolicy } from '../../../inline-policy-pages.tsx'
import { userHolder } from '../../../policy-holder.ts'

export const metadata: Metadata = { title: 'Create inline policy' }

export default async function CreateUserPolicyPage({ params }: { params: Promise<{ name: string }> }) {
  return <CreateInlinePolicy holder={userHolder(readSegment((await params).name))} />
}
