import type { Readable } from 'node:stream'
import { z } from 'zod'
import { writeBundle } from '#lib/git/pack-maintenance'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { gitEventData } from './git-event.ts'
import { onRepository, present } from './repository-row.ts'
import { forgetDataKey } from './storage/data-keys.ts'
import { openRepository } from './storage/open-repository.ts'
import { openWorkingCopy } from './storage/working-copy.ts'

/**
 * A git bundle of every ref, written by git from the working copy while it is read: whoever may pull may export. Codekeep's own,
 * and a stream, so that only a door or a page reaches it. The event is durable before the first byte leaves.
 *
 * `stdout` must be read to its end or destroyed: until then the working copy stays. `done` rejects where git failed: then what
 * was read is no bundle.
 * @throws ServiceException RepositoryEmptyException, for which git has no bundle; EncryptionKey…Exception
 */
export const ExportRepository = defineOperation({
  service: 'codecommit',
  name: 'ExportRepository',
  readOnly: true,
  input: z.object({ repositoryName: z.string().optional(), signal: z.custom<AbortSignal>() }),
  resolve: (context, { repositoryName }) => onRepository('codecommit:GitPull', context, repositoryName),
  handler: async (context, { signal }, row): Promise<{ stdout: Readable; done: Promise<unknown> }> => {
    const opened = await openRepository(context, present(row))
    try {
      if (opened.refs.refs.size === 0) throw new ServiceException('RepositoryEmptyException', `${present(row).name} is empty: there is nothing to export.`)
      const workingCopy = await openWorkingCopy(context, opened)
      const { stdout, done } = writeBundle({ gitDir: workingCopy.gitDir, signal })
      const ended = done.finally(() => workingCopy[Symbol.asyncDispose]())
      ended.catch(() => undefined)
      return { stdout, done: ended }
    } finally {
      forgetDataKey(opened.key)
    }
  },
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
  recorded: (_output, _input, row) => ({ additionalEventData: gitEventData(present(row), { transport: 'HTTP', dataTransferred: true }) }),
})
