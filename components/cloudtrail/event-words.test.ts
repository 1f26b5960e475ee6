import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eventSummary } from './event-summary.ts'
import { eventWords } from './event-words.ts'

const keyArn = 'arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const contextKey = 'aws:codecommit:repository-id'
const alice = { type: 'IAMUser', userName: 'alice' }
const kms = { eventSource: 'kms.amazonaws.com', userIdentity: { ...alice, invokedBy: 'codecommit.amazonaws.com' }, resources: [{ ARN: keyArn, type: 'AWS::KMS::Key' }] }
const context = { encryptionContext: { [contextKey]: 'b5306d5e' } }
const policyArn = 'arn:aws:iam::111122223333:policy/team/deny'

function sentence(record: object): string {
  const { who, through, did, ended } = eventWords(eventSummary(JSON.stringify({ eventSource: 'codecommit.amazonaws.com', userIdentity: alice, ...record }), contextKey), { b5306d5e: 'hello' })
  return [[who, ...did.map(({ text }) => text)].join(' '), through && `, through ${through}`, ended && `; ${ended}`].filter(Boolean).join('')
}

test.each([
  [{ eventName: 'GitPush', requestParameters: { repositoryName: 'hello' } }, 'alice pushed to hello'],
  [
    { eventName: 'GitPush', requestParameters: null, resources: [{ ARN: 'arn:aws:codecommit:us-east-2:111122223333:hello', type: 'AWS::CodeCommit::Repository' }], errorCode: 'AccessDenied' },
    'alice tried to push to hello; policy refused it',
  ],
  [{ eventName: 'GitPull', additionalEventData: { repositoryId: 'b5306d5e' } }, 'alice pulled from hello'],
  [{ eventName: 'UpdateRepositoryName', requestParameters: { oldName: 'hello', newName: 'goodbye' } }, 'alice renamed the repository hello to goodbye'],
  [{ eventName: 'GetCommit', requestParameters: { repositoryName: 'hello', commitId: '0123456789'.repeat(4) } }, 'alice read the commit 01234567 of hello'],
  [{ eventName: 'BatchGetRepositories', requestParameters: { repositoryNames: ['hello', 'goodbye'] } }, 'alice looked at the repositories hello, goodbye'],
  [{ eventName: 'TagResource', requestParameters: { resourceArn: 'arn:aws:codecommit:us-east-2:111122223333:hello' } }, 'alice tagged the repository hello'],
  [{ eventName: 'ExportRepository', requestParameters: { repositoryName: 'hello' } }, 'alice downloaded the repository hello as a bundle'],
  [{ ...kms, eventName: 'Decrypt', requestParameters: context }, 'alice decrypted data of hello under the key 1234abcd-12ab-34cd-56ef-1234567890ab, through CodeCommit'],
  [{ ...kms, eventName: 'GenerateDataKey', requestParameters: context, errorCode: 'AccessDenied', errorMessage: 'no' }, 'alice tried to have a data key made for hello under the key 1234abcd-12ab-34cd-56ef-1234567890ab, through CodeCommit; policy refused it'],
  [{ eventName: 'Decrypt', eventSource: 'kms.amazonaws.com', requestParameters: { keyId: 'alias/ledger' } }, 'alice decrypted data under the key ledger'],
  [{ eventName: 'TagResource', eventSource: 'kms.amazonaws.com', requestParameters: { keyId: keyArn } }, 'alice tagged the key 1234abcd-12ab-34cd-56ef-1234567890ab'],
  [{ eventName: 'CreateAlias', eventSource: 'kms.amazonaws.com', requestParameters: { aliasName: 'alias/ledger', targetKeyId: keyArn } }, 'alice created the alias ledger for the key 1234abcd-12ab-34cd-56ef-1234567890ab'],
  [{ eventName: 'RotateKeyOnDemand', eventSource: 'kms.amazonaws.com', requestParameters: { keyId: 'alias/ledger' } }, 'alice rotated the key ledger on demand'],
  [{ eventName: 'ListKeys', eventSource: 'kms.amazonaws.com', requestParameters: null }, 'alice listed the keys'],
  [{ eventName: 'DisableKey', eventSource: 'kms.amazonaws.com', requestParameters: { keyId: keyArn }, errorCode: 'KMSInvalidStateException' }, 'alice tried to disable the key 1234abcd-12ab-34cd-56ef-1234567890ab; it failed: KMSInvalidStateException'],
  [{ eventName: 'RotateKey', eventSource: 'kms.amazonaws.com', userIdentity: { invokedBy: 'AWS Internal' }, resources: kms.resources }, 'AWS Internal rotated the key 1234abcd-12ab-34cd-56ef-1234567890ab'],
  [{ eventName: 'CreateGrant', eventSource: 'kms.amazonaws.com', requestParameters: null, errorCode: 'UnsupportedOperationException' }, 'alice tried to call CreateGrant; it failed: UnsupportedOperationException'],
  [{ eventName: 'CreateAccessKey', eventSource: 'iam.amazonaws.com', requestParameters: { userName: 'bob' } }, 'alice created an access key for the user bob'],
  [{ eventName: 'CreateAccessKey', eventSource: 'iam.amazonaws.com', requestParameters: { userName: 'alice' } }, 'alice created an access key'],
  [{ eventName: 'DeleteUser', eventSource: 'iam.amazonaws.com', requestParameters: { userName: 'alice' } }, 'alice deleted the user alice'],
  [{ eventName: 'UpdateAccessKey', eventSource: 'iam.amazonaws.com', requestParameters: { userName: 'bob', accessKeyId: 'AKIA1', status: 'Inactive' } }, 'alice deactivated the access key AKIA1 of the user bob'],
  [{ eventName: 'AddUserToGroup', eventSource: 'iam.amazonaws.com', requestParameters: { userName: 'bob', groupName: 'team' } }, 'alice added the user bob to the group team'],
  [{ eventName: 'DetachUserPolicy', eventSource: 'iam.amazonaws.com', requestParameters: { userName: 'bob', policyArn } }, 'alice detached the policy deny from the user bob'],
  [{ eventName: 'SetDefaultPolicyVersion', eventSource: 'iam.amazonaws.com', requestParameters: { policyArn, versionId: 'v2' } }, 'alice made version v2 the default of the policy deny'],
  [{ eventName: 'UpdateUser', eventSource: 'iam.amazonaws.com', requestParameters: { userName: 'bob', newUserName: 'rob' } }, 'alice renamed the user bob to rob'],
  [{ eventName: 'GetLoginProfile', eventSource: 'iam.amazonaws.com', requestParameters: { userName: 'bob' } }, 'alice looked up whether the user bob has a console password'],
  [{ eventName: 'DeleteUser', eventSource: 'iam.amazonaws.com', requestParameters: null, errorCode: 'ValidationError' }, 'alice tried to delete a user; it failed: ValidationError'],
  [{ eventName: 'UploadSSHPublicKey', eventSource: 'iam.amazonaws.com', requestParameters: null }, 'alice uploaded an SSH public key'],
  [{ eventName: 'ConsoleLogin', eventSource: 'signin.amazonaws.com', errorMessage: 'Failed authentication' }, 'alice tried to sign in to the console; it failed: Failed authentication'],
])('%#: as a person would say it', (record, expected) => {
  expect(sentence(record)).toBe(expected)
})

describe('Every operation', () => {
  const operations = definedOperations()

  test('is found where operations are defined', () => {
    expect(operations.length).toBeGreaterThan(120)
    for (const name of ['GitPush', 'ConsoleLogin', 'AttachUserPolicy', 'RotateKey', 'StartVerification']) expect(operations).toContainEqual(expect.objectContaining({ name }))
  })

  test.each(operations)('$name has a sentence of its own, and says so where policy refuses it', ({ name, eventSource }) => {
    const done = sentence({ eventName: name, eventSource, requestParameters: null })
    expect(done).not.toContain(name)
    expect(done).toMatch(/^alice [a-z][^<>{}|]*[a-z]$/i)
    expect(done).not.toMatch(/ {2}| (?:of|to|for|from|in|at|under|the|an?)$/)
    const refused = sentence({ eventName: name, eventSource, requestParameters: null, errorCode: 'AccessDenied' })
    expect(refused).toMatch(/^alice tried to [a-z].*; policy refused it$/)
  })

  test('no two of a service are said alike', () => {
    const said = operations.map(({ name, eventSource }) => `${eventSource}: ${sentence({ eventName: name, eventSource, requestParameters: null })}`)
    expect(said.filter((each, index) => said.indexOf(each) !== index)).toEqual([])
  })
})

/** Every operation that is defined in lib, but those of KMS that are refused whatever is asked: they have no sentences. */
function definedOperations(): { name: string; eventSource: string }[] {
  const lib = join(import.meta.dirname, '../../lib')
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  const found = files.flatMap((file) =>
    [...readFileSync(join(lib, file), 'utf8').matchAll(/define(?:Operation|Iam)\(\{\s*(?:service: '(?<service>\w+)',\s*)?name: '(?<name>\w+)'/g)].map(({ groups = {} }) => ({ name: groups['name'] ?? '', eventSource: `${groups['service'] ?? 'iam'}.amazonaws.com` })),
  )
  return [...new Map(found.map((operation) => [`${operation.eventSource} ${operation.name}`, operation])).values()]
}
