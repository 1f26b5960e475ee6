'use client'
import { createContext, type ReactNode } from 'react'
import type { Action } from '#components/console/action-state.ts'

/** What an editor of policies completes. */
export type PolicyVocabulary = Readonly<{ actions: readonly string[]; conditionKeys: readonly string[]; operators: readonly string[]; resources: readonly string[]; principals: readonly string[] }>

/** What every editor of policies on a page has: how a document is checked, and what can be completed in it; `checkAct`: what would be lost by an operation of IAM. */
export type PolicyTools = Readonly<{ check: Action; checkAct?: Action; vocabulary: PolicyVocabulary }>

export const PolicyToolsContext = createContext<PolicyTools | undefined>(undefined)

/** Gives the editors of policies below it what they need. */
export function WithPolicyTools({ children, ...tools }: PolicyTools & { children: ReactNode }) {
  return <PolicyToolsContext value={tools}>{children}</PolicyToolsContext>
}
