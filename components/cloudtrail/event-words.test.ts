import { expect, test } from 'vitest'
import { eventSummary } from './event-summary.ts'
import { eventWords } from './event-words.ts'

const keyArn = 'arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const contextKey = 'aws:codecommit:repository-id'
const alice = { type: 'IAMUser', userName: 'alice' }
const kms = { eventSource: 'kms.amazonaws.com', userIdentity: { ...alice, invokedBy: 'codecommit.amazonaws.com' }, resources: [{ ARN: keyArn, type: 'AWS::KMS::Key' }] }
const context = { encryptionContext: { [contextKey]: 'b5306d5e' } }

test.each([
  [{ eventName: 'GitPush', requestParameters: { repositoryName: 'hello' } }, 'alice pushed to hello'],
  [
    { eventName: 'GitPush', requestParameters: null, resources: [{ ARN: 'arn:aws:codecommit:us-east-2:111122223333:hello', type: 'AWS::CodeCommit::Repository' }], errorCode: 'AccessDenied' },
    'alice tried to push to hello; policy refused it',
  ],
  [{ eventName: 'GitPull', additionalEventData: { repositoryId: 'b5306d5e' } }, 'alice pulled from hello'],
  [{ ...kms, eventName: 'Decrypt', requestParameters: context }, 'alice decrypted data of hello under the key 1234abcd-12ab-34cd-56ef-1234567890ab, through CodeCommit'],
  [{ ...kms, eventName: 'GenerateDataKey', requestParameters: context, errorCode: 'AccessDenied', errorMessage: 'no' }, 'alice tried to have a data key made for hello under the key 1234abcd-12ab-34cd-56ef-1234567890ab, through CodeCommit; policy refused it'],
  [{ eventName: 'CreateAccessKey', eventSource: 'iam.amazonaws.com', requestParameters: { userName: 'bob' } }, 'alice created access key bob'],
  [{ eventName: 'DetachUserPolicy', eventSource: 'iam.amazonaws.com', requestParameters: { userName: 'bob', policyName: 'deny' } }, 'alice detached the policy deny of the user bob'],
  [{ eventName: 'UploadSSHPublicKey', eventSource: 'iam.amazonaws.com', requestParameters: null }, 'alice uploaded SSH public key'],
  [{ eventName: 'ListKeys', eventSource: 'kms.amazonaws.com', requestParameters: null }, 'alice listed keys'],
  [{ eventName: 'DisableKey', eventSource: 'kms.amazonaws.com', requestParameters: { keyId: keyArn }, errorCode: 'KMSInvalidStateException' }, 'alice tried to disable key 1234abcd-12ab-34cd-56ef-1234567890ab; it failed: KMSInvalidStateException'],
  [{ eventName: 'ConsoleLogin', eventSource: 'signin.amazonaws.com', errorMessage: 'Failed authentication' }, 'alice tried to sign in to the console; it failed: Failed authentication'],
  [{ eventName: 'RotateKey', eventSource: 'kms.amazonaws.com', userIdentity: { invokedBy: 'AWS Internal' }, resources: kms.resources }, 'AWS Internal rotated the key 1234abcd-12ab-34cd-56ef-1234567890ab'],
])('%#: as a person would say it', (record, sentence) => {
  const words = eventWords(eventSummary(JSON.stringify({ eventSource: 'codecommit.amazonaws.com', userIdentity: alice, ...record }), contextKey), { b5306d5e: 'hello' })
  const { who, through, did, to, about, ended } = words
  expect([[who, did, to, about?.join(' ')].filter((part) => part !== undefined).join(' '), through && `, through ${through}`, ended && `; ${ended}`].filter(Boolean).join('')).toBe(sentence)
})
