import { CreateRepositoryCommand, DeleteRepositoryCommand, type RepositoryMetadata } from '@aws-sdk/client-codecommit'
import { test as base } from '@playwright/test'
import { rootClients, type AwsClients } from './aws-clients.ts'
import { gitClient, type GitClient } from './git-client.ts'
import { named } from './named.ts'
import { home } from './regions.ts'
import { sharedServer, type RunningServer } from './server.ts'
import { makeUser, type Statement, type TestUser } from './users.ts'

export { expect } from '@playwright/test'

/** A repository that the root user made for a story. */
export type TestRepository = Readonly<{ id: string; name: string; arn: string; region: string; cloneUrlHttp: string; cloneUrlSsh: string }>

type Fixtures = {
  server: RunningServer
  /** The root user over the SDK. */
  asRoot: (region?: string) => AwsClients
  /** A user made for this test, with credentials of every kind; removed after it. */
  asUser: (options?: { name?: string; allow?: readonly Statement[] }) => Promise<TestUser>
  /** A repository made for this test; removed after it. */
  makeRepository: (options?: { noun?: string; region?: string; description?: string }) => Promise<TestRepository>
  /** A git that nobody has signed in to. */
  makeGit: () => GitClient
}

/** Playwright's test, with people and repositories that are made for a story and removed after it. */
export const test = base.extend<Fixtures>({
  server: async ({}, use) => use(sharedServer()),
  asRoot: async ({ server }, use) => use((region = home) => rootClients(server, region)),
  asUser: async ({ server }, use) => {
    const users: TestUser[] = []
    await use(async (options) => {
      const user = await makeUser(server, options)
      users.push(user)
      return user
    })
    for (const user of users) await user.remove()
  },
  makeRepository: async ({ asRoot }, use) => {
    const made: { name: string; region: string }[] = []
    await use(async ({ noun = 'demo', region = home, description } = {}) => {
      const name = named(noun)
      const { repositoryMetadata } = await asRoot(region).codecommit.send(new CreateRepositoryCommand({ repositoryName: name, repositoryDescription: description }))
      made.push({ name, region })
      return testRepository(repositoryMetadata, region)
    })
    for (const { name, region } of made) await asRoot(region).codecommit.send(new DeleteRepositoryCommand({ repositoryName: name }))
  },
  makeGit: async ({ server }, use) => {
    const clients: GitClient[] = []
    await use(() => {
      const client = gitClient(server)
      clients.push(client)
      return client
    })
    for (const client of clients) client.remove()
  },
})

/** What a story needs of a repository's metadata. */
export function testRepository(metadata: RepositoryMetadata | undefined, region: string): TestRepository {
  const { repositoryId = '', repositoryName = '', Arn = '', cloneUrlHttp = '', cloneUrlSsh = '' } = metadata ?? {}
  return { id: repositoryId, name: repositoryName, arn: Arn, region, cloneUrlHttp, cloneUrlSsh }
}
