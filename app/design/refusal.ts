import type { Problem } from '#components/console/action-state.ts'

/** A refusal as policy gives it. */
export const refusal: Problem = {
  code: 'AccessDeniedException',
  message: 'User: arn:aws:iam::111122223333:user/alice is not authorized to perform: kms:Decrypt with an explicit deny in an identity-based policy',
  advice: 'An explicit Deny outweighs every Allow. Whoever administers IAM here can remove that statement or narrow it.',
  refusal: {
    action: 'kms:Decrypt',
    resource: 'arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    decidedBy: [{ source: 'identity-policy', policy: 'deny-decrypt', attachedTo: 'alice', statement: 'NoDecrypt', index: 0, effect: 'Deny' }],
  },
}
