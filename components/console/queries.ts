'use client'
import { QueryClient } from '@tanstack/react-query'

let browser: QueryClient | undefined

/**
 * What the console has asked for and keeps: one for all pages of the browser's tab, so that a list is as it was when one comes
 * back to it. On the server one for each use, for nobody else to see. Pages that ask for nothing do not load it.
 */
export function queries(): QueryClient {
  if (typeof window === 'undefined') return new QueryClient()
  return (browser ??= new QueryClient())
}
