import { transaction } from '#lib/db'
import { removeDoomed } from './sweep.ts'
import { dropWorkingCopy } from './working-copy.ts'

/**
 * Deletes a repository: its wrapped data keys go first, so that from the commit on nothing that was sealed can be opened
 * (crypto-shredding); the sealed bytes follow.
 */
export async function deleteStored(repositoryId: string): Promise<void> {
  const now = new Date()
  await transaction(async (tx) => {
    // Whoever pushes at this moment comes before, and is counted below, or finds the repository gone.
    await tx.repository.updateMany({ where: { id: repositoryId }, data: { refsVersion: { increment: 1 } } })
    const objects = await tx.storedObject.findMany({ where: { repositoryId }, select: { id: true } })
    await tx.doomedObject.createMany({ data: objects.map(({ id }) => ({ id, doomedAt: now, removeAt: now })) })
    await tx.repositoryKey.deleteMany({ where: { repositoryId } })
    await tx.repository.deleteMany({ where: { id: repositoryId } })
  })
  await dropWorkingCopy(repositoryId)
  await removeDoomed(now)
}
