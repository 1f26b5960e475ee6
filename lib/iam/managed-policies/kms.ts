import { allow, awsManagedPolicy } from './define.ts'

/** AWS's managed policy for KMS. */
export const kmsPolicies = [
  awsManagedPolicy({
    name: 'AWSKeyManagementServicePowerUser',
    policyId: 'ANPAJNPP7PPPPMJRV2SA4',
    description: 'Provides access to AWS Key Management Service (KMS).',
    version: 'v2',
    created: '2015-02-06T18:40:40Z',
    updated: '2017-03-07T00:55:11Z',
    statements: [
      allow({
        kms: [
          'CreateAlias',
          'CreateKey',
          'DeleteAlias',
          'Describe*',
          'GenerateRandom',
          'Get*',
          'List*',
          'TagResource',
          'UntagResource',
        ],
        iam: ['ListGroups', 'ListRoles', 'ListUsers'],
      }),
    ],
  }),
]
