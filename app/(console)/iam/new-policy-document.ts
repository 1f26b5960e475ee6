/** What the editor of a new policy begins with: clone and push, in every repository of the account. */
export function newPolicyDocument(accountId: string): string {
  const document = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'CloneAndPush',
        Effect: 'Allow',
        Action: ['codecommit:GitPull', 'codecommit:GitPush'],
        Resource: `arn:aws:codecommit:*:${accountId}:*`,
      },
    ],
  }
  return JSON.stringify(document, null, 2)
}

/** A policy document as it is read: indented, if it is JSON at all. */
export function readableDocument(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document), null, 2)
  } catch {
    return document
  }
}
