// npm run seed: two users, a customer-managed key and a repository in us-east-2, for trying things out. The server must not run.
import { accountId } from '#lib/account'
import { CreateRepository } from '#lib/codecommit/repositories'
import { config } from '#lib/config'
import { closeDatabase, openDatabase } from '#lib/database/open'
import { AttachUserPolicy, CreateAccessKey, CreateServiceSpecificCredential, CreateUser } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import { CreateAlias, CreateKey } from '#lib/kms/api'
import type { RequestContext } from '#lib/operation/context'

await openDatabase(config())
try {
  const id = accountId()
  const root: RequestContext = {
    principal: { type: 'Root', accountId: id, arn: `arn:aws:iam::${id}:root`, principalId: id },
    region: 'us-east-2',
    accountId: id,
    requestId: crypto.randomUUID(),
    sourceIPAddress: '127.0.0.1',
    userAgent: 'codekeep seed',
    time: new Date(),
    secureTransport: true,
    calledVia: [],
  }
  for (const [UserName, policy] of [['alice', 'AWSCodeCommitPowerUser'], ['bob', 'AWSCodeCommitReadOnly']] as const) {
    await invoke(CreateUser, root, { UserName })
    await invoke(AttachUserPolicy, root, { UserName, PolicyArn: `arn:aws:iam::aws:policy/${policy}` })
    const { AccessKey } = await invoke(CreateAccessKey, root, { UserName })
    const { ServiceSpecificCredential } = await invoke(CreateServiceSpecificCredential, root, { UserName, ServiceName: 'codecommit.amazonaws.com' })
    console.log(`${UserName}: access key ${AccessKey.AccessKeyId} ${AccessKey.SecretAccessKey}`)
    console.log(`${UserName}: git ${ServiceSpecificCredential.ServiceUserName} ${ServiceSpecificCredential.ServicePassword}`)
  }
  const { KeyMetadata } = await invoke(CreateKey, root, { Description: 'a key of the application' })
  await invoke(CreateAlias, root, { AliasName: 'alias/app', TargetKeyId: KeyMetadata.KeyId })
  const { repositoryMetadata } = await invoke(CreateRepository, root, { repositoryName: 'hello', repositoryDescription: 'A first repository' })
  console.log(`repository ${repositoryMetadata.cloneUrlHttp}`)
} finally {
  await closeDatabase()
}
