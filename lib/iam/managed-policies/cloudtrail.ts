import { allow, awsManagedPolicy } from './define.ts'

/** AWS's managed policies for CloudTrail. */
export const cloudtrailPolicies = [
  awsManagedPolicy({
    name: 'AWSCloudTrail_FullAccess',
    description: 'Provides full access to AWS CloudTrail.',
    version: 'v3',
    created: '2020-10-08T23:41:00Z',
    updated: '2021-02-22T19:01:00Z',
    statements: [
      allow({ sns: ['AddPermission', 'CreateTopic', 'SetTopicAttributes', 'GetTopicAttributes'] }, [
        'arn:aws:sns:*:*:aws-cloudtrail-logs*',
      ]),
      allow({ sns: ['ListTopics'] }),
      allow({ s3: ['CreateBucket', 'PutBucketPolicy', 'PutBucketPublicAccessBlock'] }, [
        'arn:aws:s3:::aws-cloudtrail-logs*',
      ]),
      allow({ s3: ['ListAllMyBuckets', 'GetBucketLocation', 'GetBucketPolicy'] }),
      allow({ cloudtrail: ['*'] }),
      allow({ logs: ['CreateLogGroup'] }, ['arn:aws:logs:*:*:log-group:aws-cloudtrail-logs*']),
      allow({ iam: ['ListRoles', 'GetRolePolicy', 'GetUser'] }),
      allow({ iam: ['PassRole'] }, '*', {
        condition: { StringEquals: { 'iam:PassedToService': 'cloudtrail.amazonaws.com' } },
      }),
      allow({ kms: ['CreateKey', 'CreateAlias', 'ListKeys', 'ListAliases'] }),
      allow({ lambda: ['ListFunctions'] }),
      allow({ dynamodb: ['ListGlobalTables', 'ListTables'] }),
    ],
  }),
  awsManagedPolicy({
    name: 'AWSCloudTrail_ReadOnlyAccess',
    description: 'Provides read only access to AWS CloudTrail.',
    version: 'v1',
    created: '2022-06-14T17:19:05Z',
    statements: [allow({ cloudtrail: ['Get*', 'Describe*', 'List*', 'LookupEvents'] })],
  }),
]
