import type { Metadata } from 'next'
import { KeyListPage } from '../key-list.tsx'
import type { Query } from '../../../query.ts'

export const metadata: Metadata = { title: 'AWS managed keys' }

export default function AwsManagedKeysPage({ searchParams }: { searchParams: Query }) {
  return (
    <KeyListPage
      manager="AWS"
      title="AWS managed keys"
      description="Keys that AWS services made in this account, for their own use on your behalf. You may view and audit them."
      searchParams={searchParams}
    />
  )
}
