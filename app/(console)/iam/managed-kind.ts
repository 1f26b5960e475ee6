import type { Tone } from '#components/ui/badge.tsx'

/** Whose a managed policy is, by its ARN. */
export function managedKind(policyArn: string): { kind: string; tone: Tone } {
  return policyArn.startsWith('arn:aws:iam::aws:') ? { kind: 'AWS managed', tone: 'managed' } : { kind: 'Customer managed', tone: 'info' }
}
