import { allow, awsManagedPolicy } from './define.ts'

/** AWS's managed policies that span services. */
export const jobFunctionPolicies = [
  awsManagedPolicy({
    name: 'AdministratorAccess',
    policyId: 'ANPAIWMBCKSKIEE64ZLYK',
    description: 'Provides full access to AWS services and resources.',
    version: 'v1',
    created: '2015-02-06T18:39:46Z',
    statements: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  }),
  // AWS's document lists reading actions of some two hundred services; here are those of the services that exist.
  awsManagedPolicy({
    name: 'ReadOnlyAccess',
    policyId: 'ANPAILL3HVNFSB6DCOWYQ',
    description: 'Provides read-only access to AWS services and resources.',
    version: 'v1',
    created: '2015-02-06T18:39:48Z',
    statements: [
      allow({
        cloudtrail: ['Describe*', 'Get*', 'List*', 'LookupEvents'],
        codecommit: ['BatchDescribe*', 'BatchGet*', 'Describe*', 'Get*', 'GitPull', 'List*'],
        iam: ['Generate*', 'Get*', 'List*', 'Simulate*'],
        kms: ['Describe*', 'Get*', 'List*'],
        sts: ['GetAccessKeyInfo', 'GetCallerIdentity', 'GetSessionToken'],
      }),
    ],
  }),
]
