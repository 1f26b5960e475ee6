import { allow, awsManagedPolicy } from './define.ts'

const ownUser = 'arn:aws:iam::*:user/${aws:username}'

/** AWS's managed policies for IAM. */
export const iamPolicies = [
  awsManagedPolicy({
    name: 'IAMFullAccess',
    policyId: 'ANPAI7XKCFMBPM3QQRRVQ',
    description: 'Provides full access to IAM via the AWS Management Console.',
    version: 'v2',
    created: '2015-02-06T18:40:38Z',
    updated: '2019-06-21T19:40:00Z',
    statements: [
      allow({
        iam: ['*'],
        organizations: [
          'DescribeAccount',
          'DescribeOrganization',
          'DescribeOrganizationalUnit',
          'DescribePolicy',
          'ListChildren',
          'ListParents',
          'ListPoliciesForTarget',
          'ListRoots',
          'ListPolicies',
          'ListTargetsForPolicy',
        ],
      }),
    ],
  }),
  awsManagedPolicy({
    name: 'IAMReadOnlyAccess',
    policyId: 'ANPAJKSO7NDY4T57MWDSQ',
    description: 'Provides read only access to IAM via the AWS Management Console.',
    version: 'v4',
    created: '2015-02-06T18:40:39Z',
    updated: '2018-01-25T19:11:27Z',
    statements: [
      allow({
        iam: [
          'GenerateCredentialReport',
          'GenerateServiceLastAccessedDetails',
          'Get*',
          'List*',
          'SimulateCustomPolicy',
          'SimulatePrincipalPolicy',
        ],
      }),
    ],
  }),
  awsManagedPolicy({
    name: 'IAMUserChangePassword',
    policyId: 'ANPAJ4L4MM2A7QIEB56MS',
    description: 'Provides the ability for an IAM user to change their own password.',
    version: 'v2',
    created: '2016-11-15T00:25:16Z',
    updated: '2016-11-15T23:18:55Z',
    statements: [allow({ iam: ['ChangePassword'] }, [ownUser]), allow({ iam: ['GetAccountPasswordPolicy'] })],
  }),
  awsManagedPolicy({
    name: 'IAMUserSSHKeys',
    policyId: 'ANPAJTSHUA4UXGXU7ANUA',
    description: 'Provides the ability for an IAM user to manage their own SSH keys.',
    version: 'v1',
    created: '2015-07-09T17:08:54Z',
    statements: [
      allow(
        {
          iam: ['DeleteSSHPublicKey', 'GetSSHPublicKey', 'ListSSHPublicKeys', 'UpdateSSHPublicKey', 'UploadSSHPublicKey'],
        },
        ownUser,
      ),
    ],
  }),
  awsManagedPolicy({
    name: 'IAMSelfManageServiceSpecificCredentials',
    policyId: 'ANPAI4VT74EMXK2PMQJM2',
    description: 'Allows an IAM user to manage their own Service Specific Credentials.',
    version: 'v1',
    created: '2016-12-22T17:25:18Z',
    statements: [
      allow(
        {
          iam: [
            'CreateServiceSpecificCredential',
            'ListServiceSpecificCredentials',
            'UpdateServiceSpecificCredential',
            'DeleteServiceSpecificCredential',
            'ResetServiceSpecificCredential',
          ],
        },
        ownUser,
      ),
    ],
  }),
]
