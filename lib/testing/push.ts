import { Readable } from 'node:stream'
import type { PushOutcome } from '#lib/codecommit/receive-push'
import { GitPush } from '#lib/codecommit/git-push'
import { CreateRepository } from '#lib/codecommit/repositories'
import type { TestRepository } from '#lib/git/test-repository'
import { zeroOid } from '#lib/git/refs'
import { invoke } from '#lib/invoke'
import { rootContext } from '#lib/testing/context'

/** Makes a repository and pushes one commit of `work` to its main; gives its ID. */
export async function repositoryWith(work: TestRepository, repositoryName: string, head: string, repositoryDescription?: string): Promise<string> {
  const { repositoryMetadata } = await invoke(CreateRepository, rootContext(), { repositoryName, ...(repositoryDescription !== undefined && { repositoryDescription }) })
  await push(work, repositoryName, [{ ref: 'refs/heads/main', newOid: head }])
  return repositoryMetadata.repositoryId
}

/** Pushes as a client would, without one: commands, and a pack of what the new tips reach and `without` does not. */
export async function push(
  work: TestRepository,
  repositoryName: string,
  commands: readonly Readonly<{ ref: string; oldOid?: string; newOid: string }>[],
  { without = [], atomic = false }: { without?: readonly string[]; atomic?: boolean } = {},
): Promise<PushOutcome> {
  const revisions = [...commands.map(({ newOid }) => newOid).filter((oid) => oid !== zeroOid), ...without.map((oid) => `^${oid}`)]
  const pack = work.gitBytes('pack-objects', '--stdout', '--revs', '--thin', '-q', { input: `${revisions.join('\n')}\n` })
  return invoke(GitPush, rootContext(), {
    repositoryName,
    request: {
      transport: 'HTTP',
      commands: commands.map(({ oldOid = zeroOid, ...command }) => ({ oldOid, ...command })),
      atomic,
      capabilities: [],
      pack: commands.every(({ newOid }) => newOid === zeroOid) ? null : Readable.from([pack]),
      progress: () => undefined,
      signal: new AbortController().signal,
    },
  })
}
