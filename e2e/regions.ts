/**
 * Regions that one story alone uses, so that it makes the first repository there, or sees there what it did and nothing else.
 * Everybody else is in us-east-2.
 */
export const ownRegions = {
  oneKey: 'ap-northeast-1',
  outlives: 'ap-northeast-2',
  onlyCodeCommit: 'ap-northeast-3',
  refusedFirst: 'eu-west-1',
  noKmsPermission: 'eu-west-2',
  operations: 'eu-west-3',
  walk: 'eu-central-1',
  unchangeable: 'eu-north-1',
  customerKey: 'us-west-1',
  lookup: 'us-west-2',
  firstFiveMinutes: 'ca-central-1',
  events: 'sa-east-1',
  keyLists: 'ap-south-2',
  keyUsage: 'ca-west-1',
  longLists: 'ap-southeast-2',
  longKeyLists: 'ap-southeast-3',
} as const

/** Where a story is that needs no Region of its own. */
export const home = 'us-east-2'
