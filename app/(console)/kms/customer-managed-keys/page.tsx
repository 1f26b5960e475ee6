import type { Metadata } from 'next'
import { KeyListPage } from '../key-list.tsx'
import type { Query } from '../../../query.ts'

export const metadata: Metadata = { title: 'Customer managed keys' }

export default function CustomerManagedKeysPage({ searchParams }: { searchParams: Query }) {
  return <KeyListPage manager="CUSTOMER" title="Customer managed keys" description="Your own keys: you write their policies, rotate, disable and delete them." searchParams={searchParams} />
}
