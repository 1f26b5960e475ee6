import { allow, awsManagedPolicy } from './define.ts'

/** The user's own IAM resource. */
const ownUser = 'arn:aws:iam::*:user/${aws:username}'
const rules = 'arn:aws:events:*:*:rule/codecommit*'
const topics = 'arn:aws:sns:*:*:codecommit*'

const readTopics = ['ListTopics', 'ListSubscriptionsByTopic', 'GetTopicAttributes']
const ruleActions = [
  'DeleteRule',
  'DescribeRule',
  'DisableRule',
  'EnableRule',
  'PutRule',
  'PutTargets',
  'RemoveTargets',
  'ListTargetsByRule',
]
const listFunctions = allow({ lambda: ['ListFunctions'] }, '*', { sid: 'LambdaReadOnlyListAccess' })
const listUsers = allow({ iam: ['ListUsers'] }, '*', { sid: 'IAMReadOnlyListAccess' })
const readConnections = allow(
  { 'codestar-connections': ['ListConnections', 'GetConnection'] },
  'arn:aws:codestar-connections:*:*:connection/*',
  { sid: 'CodeStarConnectionsReadOnlyAccess' },
)

/** What full access and the power user share beside the repositories themselves: the user's credentials. */
const ownCredentials = [
  allow({ iam: ['ListAccessKeys', 'ListSSHPublicKeys', 'ListServiceSpecificCredentials'] }, ownUser, {
    sid: 'IAMReadOnlyConsoleAccess',
  }),
  allow(
    { iam: ['DeleteSSHPublicKey', 'GetSSHPublicKey', 'ListSSHPublicKeys', 'UpdateSSHPublicKey', 'UploadSSHPublicKey'] },
    ownUser,
    { sid: 'IAMUserSSHKeys' },
  ),
  allow(
    {
      iam: [
        'CreateServiceSpecificCredential',
        'UpdateServiceSpecificCredential',
        'DeleteServiceSpecificCredential',
        'ResetServiceSpecificCredential',
      ],
    },
    ownUser,
    { sid: 'IAMSelfManageServiceSpecificCredentials' },
  ),
]

const listNotifications = allow(
  { 'codestar-notifications': ['ListNotificationRules', 'ListTargets', 'ListTagsforResource', 'ListEventTypes'] },
  '*',
  { sid: 'CodeStarNotificationsListAccess' },
)

const reviewer = [
  allow(
    {
      'codeguru-reviewer': [
        'AssociateRepository',
        'DescribeRepositoryAssociation',
        'ListRepositoryAssociations',
        'DisassociateRepository',
        'DescribeCodeReview',
        'ListCodeReviews',
      ],
    },
    '*',
    { sid: 'AmazonCodeGuruReviewerFullAccess' },
  ),
  allow(
    { iam: ['CreateServiceLinkedRole'] },
    'arn:aws:iam::*:role/aws-service-role/codeguru-reviewer.amazonaws.com/AWSServiceRoleForAmazonCodeGuruReviewer',
    {
      sid: 'AmazonCodeGuruReviewerSLRCreation',
      condition: { StringLike: { 'iam:AWSServiceName': 'codeguru-reviewer.amazonaws.com' } },
    },
  ),
  allow({ events: ['PutRule', 'PutTargets', 'DeleteRule', 'RemoveTargets'] }, '*', {
    sid: 'CloudWatchEventsManagedRules',
    condition: { StringEquals: { 'events:ManagedBy': 'codeguru-reviewer.amazonaws.com' } },
  }),
]

const chat = allow(
  { chatbot: ['DescribeSlackChannelConfigurations', 'ListMicrosoftTeamsChannelConfigurations'] },
  '*',
  { sid: 'CodeStarNotificationsChatbotAccess' },
)

/** AWS's managed policies for CodeCommit. */
export const codecommitPolicies = [
  awsManagedPolicy({
    name: 'AWSCodeCommitFullAccess',
    policyId: 'ANPAI4VCZ3XPIZLQ5NZV2',
    description: 'Provides full access to AWS CodeCommit via the AWS Management Console.',
    version: 'v10',
    created: '2015-07-09T17:02:19Z',
    updated: '2023-07-17T21:50:11Z',
    statements: [
      allow({ codecommit: ['*'] }),
      allow({ events: ruleActions }, rules, { sid: 'CloudWatchEventsCodeCommitRulesAccess' }),
      allow({ sns: ['CreateTopic', 'DeleteTopic', 'Subscribe', 'Unsubscribe', 'SetTopicAttributes'] }, topics, {
        sid: 'SNSTopicAndSubscriptionAccess',
      }),
      allow({ sns: readTopics }, '*', { sid: 'SNSTopicAndSubscriptionReadAccess' }),
      listFunctions,
      listUsers,
      ...ownCredentials,
      allow(
        {
          'codestar-notifications': [
            'CreateNotificationRule',
            'DescribeNotificationRule',
            'UpdateNotificationRule',
            'DeleteNotificationRule',
            'Subscribe',
            'Unsubscribe',
          ],
        },
        '*',
        {
          sid: 'CodeStarNotificationsReadWriteAccess',
          condition: { StringLike: { 'codestar-notifications:NotificationsForResource': 'arn:aws:codecommit:*' } },
        },
      ),
      listNotifications,
      allow({ sns: ['CreateTopic', 'SetTopicAttributes'] }, 'arn:aws:sns:*:*:codestar-notifications*', {
        sid: 'CodeStarNotificationsSNSTopicCreateAccess',
      }),
      ...reviewer,
      chat,
      readConnections,
    ],
  }),
  awsManagedPolicy({
    name: 'AWSCodeCommitPowerUser',
    policyId: 'ANPAI4UIINUVGB5SEC57G',
    description: 'Provides full access to AWS CodeCommit repositories, but does not allow repository deletion.',
    version: 'v17',
    created: '2015-07-09T17:06:49Z',
    updated: '2026-02-11T22:17:31Z',
    statements: [
      allow({
        codecommit: [
          'AssociateApprovalRuleTemplateWithRepository',
          'BatchAssociateApprovalRuleTemplateWithRepositories',
          'BatchDisassociateApprovalRuleTemplateFromRepositories',
          'BatchGet*',
          'BatchDescribe*',
          'Create*',
          'DeleteBranch',
          'DeleteFile',
          'Describe*',
          'DisassociateApprovalRuleTemplateFromRepository',
          'EvaluatePullRequestApprovalRules',
          'Get*',
          'List*',
          'Merge*',
          'OverridePullRequestApprovalRules',
          'Put*',
          'Post*',
          'TagResource',
          'Test*',
          'UntagResource',
          'Update*',
          'GitPull',
          'GitPush',
        ],
      }),
      allow({ events: ruleActions }, rules, { sid: 'CloudWatchEventsCodeCommitRulesAccess' }),
      allow({ sns: ['Subscribe', 'Unsubscribe'] }, topics, { sid: 'SNSTopicAndSubscriptionAccess' }),
      allow({ sns: readTopics }, '*', { sid: 'SNSTopicAndSubscriptionReadAccess' }),
      listFunctions,
      listUsers,
      ...ownCredentials,
      allow(
        {
          'codestar-notifications': [
            'CreateNotificationRule',
            'DescribeNotificationRule',
            'UpdateNotificationRule',
            'Subscribe',
            'Unsubscribe',
          ],
        },
        '*',
        {
          sid: 'CodeStarNotificationsReadWriteAccess',
          condition: { ArnLike: { 'codestar-notifications:NotificationsForResource': 'arn:aws:codecommit:*:*:*' } },
        },
      ),
      listNotifications,
      ...reviewer,
      chat,
      readConnections,
    ],
  }),
  awsManagedPolicy({
    name: 'AWSCodeCommitReadOnly',
    policyId: 'ANPAJACNSXR7Z2VLJW3D6',
    description: 'Provides read only access to AWS CodeCommit via the AWS Management Console.',
    version: 'v11',
    created: '2015-07-09T17:05:06Z',
    updated: '2021-08-18T18:18:01Z',
    statements: [
      allow({
        codecommit: [
          'BatchGet*',
          'BatchDescribe*',
          'Describe*',
          'EvaluatePullRequestApprovalRules',
          'Get*',
          'List*',
          'GitPull',
        ],
      }),
      allow({ events: ['DescribeRule', 'ListTargetsByRule'] }, rules, {
        sid: 'CloudWatchEventsCodeCommitRulesReadOnlyAccess',
      }),
      allow({ sns: readTopics }, '*', { sid: 'SNSSubscriptionAccess' }),
      listFunctions,
      listUsers,
      allow(
        { iam: ['ListSSHPublicKeys', 'ListServiceSpecificCredentials', 'ListAccessKeys', 'GetSSHPublicKey'] },
        ownUser,
        { sid: 'IAMReadOnlyConsoleAccess' },
      ),
      readConnections,
      allow({ 'codestar-notifications': ['DescribeNotificationRule'] }, '*', {
        sid: 'CodeStarNotificationsReadOnlyAccess',
        condition: { StringLike: { 'codestar-notifications:NotificationsForResource': 'arn:aws:codecommit:*' } },
      }),
      allow({ 'codestar-notifications': ['ListNotificationRules', 'ListEventTypes', 'ListTargets'] }, '*', {
        sid: 'CodeStarNotificationsListAccess',
      }),
      allow(
        {
          'codeguru-reviewer': [
            'DescribeRepositoryAssociation',
            'ListRepositoryAssociations',
            'DescribeCodeReview',
            'ListCodeReviews',
          ],
        },
        '*',
        { sid: 'AmazonCodeGuruReviewerReadOnlyAccess' },
      ),
    ],
  }),
]
