import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { db, transaction } from '#lib/db'
import { foldPacks, repackAll, type WrittenPack } from '#lib/git/pack-maintenance'
import { serviceContext } from '#lib/operation/context'
import { scratchRoot } from '#lib/scratch'
import type { RepositoryRow } from '../repository-row.ts'
import { type AddedPack, insertPack } from './commit-point.ts'
import { forgetDataKey, generateDataKey } from './data-keys.ts'
import { openRepository } from './open-repository.ts'
import { type PackFileKind, packsOf, type StoredPack } from './packs.ts'
import { removeStored, sealPack, withdrawStored } from './seal-pack.ts'
import { adoptPack, withWorkingCopy } from './working-copy.ts'

/** How long superseded packs stay for readers that have begun: longer than any clone is given. */
export const graceMilliseconds = 6 * 60 * 60 * 1000

/**
 * Folds a repository's small packs together, or all of them with a bitmap when that has become worth it. Old packs stay in
 * the store for the grace time. Safe to stop or kill at any instant: the rows change in one transaction.
 * @returns whether anything was folded
 */
export async function foldRepository(row: RepositoryRow, signal: AbortSignal): Promise<boolean> {
  const packs = await packsOf(row.id)
  const plan = foldingPlan(packs)
  if (!plan) return false
  const context = serviceContext('codecommit', row)
  const opened = await openRepository(context, row)
  try {
    return await withWorkingCopy(context, opened, (gitDir) =>
      withOutput(async (outputDirectory) => {
        const folded =
          plan.kind === 'all'
            ? await repackAll({ gitDir, outputDirectory, bitmap: true, signal })
            : await foldPacks({ gitDir, packs: plan.packs.map(({ id }) => `pack-${id}.pack`), outputDirectory, signal })
        if (!folded) return false
        const { key, stored } = await generateDataKey(context, row)
        try {
          const files = filesOf(folded)
          const sealed = await sealPack(row.id, key, { objectCount: folded.objectCount, files })
          if (!(await supersede(row.id, plan.packs, { key: stored, files: sealed.files }))) return false
          const openedSize = sealed.files.reduce((sum, file) => sum + file.openedSize, 0)
          // Where this finds no room, the next reader opens what was sealed.
          await adoptPack(row.id, { id: sealed.packId, openedSize, files }).catch(() => undefined)
          return true
        } finally {
          forgetDataKey(key)
        }
      }),
    )
  } finally {
    forgetDataKey(opened.key)
  }
}

/** What is worth folding: nothing, some small packs into one, or all into one with a bitmap. */
export function foldingPlan(packs: readonly StoredPack[]): { kind: 'some' | 'all'; packs: readonly StoredPack[] } | null {
  const objects = packs.reduce((sum, pack) => sum + objectsOf(pack), 0)
  const withBitmap = packs.filter((pack) => pack.files.some(({ kind }) => kind === 'bitmap'))
  const covered = withBitmap.reduce((sum, pack) => sum + objectsOf(pack), 0)
  if (objects >= fewestForBitmap && covered < objects * 0.8) return { kind: 'all', packs }
  const small = packs.filter((pack) => !withBitmap.includes(pack))
  return small.length >= mostSmallPacks ? { kind: 'some', packs: small } : null
}

/** Folds every repository that is worth it, one after another. */
export async function foldRepositories(signal: AbortSignal): Promise<number> {
  let folded = 0
  const failures: unknown[] = []
  const rows = await db().repository.findMany({ where: { refs: { not: null } } })
  for (const row of rows) {
    if (signal.aborted) break
    try {
      if (await foldRepository(row, signal)) folded += 1
    } catch (error) {
      // One repository's trouble is not the next one's.
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} repositories could not be folded`)
  return folded
}

/** Removes the rows of packs whose grace is over, with data keys that nothing is sealed under any more; their bytes follow. */
export async function retireSuperseded(now: Date): Promise<number> {
  const over = await db().storedObject.findMany({
    where: { supersededAt: { lte: new Date(now.getTime() - graceMilliseconds) } },
    select: { id: true, dataKeyId: true },
    take: 5000,
  })
  if (over.length === 0) return 0
  await transaction(async (tx) => {
    await tx.doomedObject.createMany({ data: over.map(({ id }) => ({ id, doomedAt: now, removeAt: now })) })
    await tx.storedObject.deleteMany({ where: { id: { in: over.map(({ id }) => id) } } })
    const dataKeyIds = [...new Set(over.map(({ dataKeyId }) => dataKeyId))]
    await tx.repositoryKey.deleteMany({ where: { id: { in: dataKeyIds }, objects: { none: {} } } })
  })
  return over.length
}

const fewestForBitmap = 2000
const mostSmallPacks = 16

function objectsOf(pack: StoredPack): number {
  return pack.files.reduce((sum, file) => sum + file.objectCount, 0)
}

function filesOf(pack: WrittenPack): { kind: PackFileKind; path: string }[] {
  return [
    { kind: 'pack', path: pack.packPath },
    { kind: 'idx', path: pack.idxPath },
    ...(pack.bitmapPath === null ? [] : [{ kind: 'bitmap' as const, path: pack.bitmapPath }]),
    ...(pack.revPath === null ? [] : [{ kind: 'rev' as const, path: pack.revPath }]),
  ]
}

/** Puts the folded pack in force and the old ones out of it; false where the repository is gone or another fold was faster. */
async function supersede(repositoryId: string, old: readonly StoredPack[], added: AddedPack): Promise<boolean> {
  const ids = old.flatMap(({ files }) => files.map(({ id }) => id))
  try {
    const done = await transaction(async (tx) => {
      if (!(await tx.repository.findUnique({ where: { id: repositoryId }, select: { id: true } }))) return false
      // Compared first and set afterwards, so that nothing is to be taken back where they are not all in force.
      const inForce = { id: { in: ids }, supersededAt: null }
      if ((await tx.storedObject.count({ where: inForce })) !== ids.length) return false
      const { count } = await tx.storedObject.updateMany({ where: inForce, data: { supersededAt: new Date() } })
      if (count !== ids.length) throw new Error('packs to fold went out of force in the same moment')
      await insertPack(tx, repositoryId, added)
      return true
    })
    if (!done) await removeStored(added.files)
    return done
  } catch (error) {
    await withdrawStored(repositoryId, added.files, error)
    throw error
  }
}

async function withOutput<Result>(work: (path: string) => Promise<Result>): Promise<Result> {
  const path = join(scratchRoot(), 'folding', crypto.randomUUID())
  await mkdir(path, { recursive: true, mode: 0o700 })
  try {
    return await work(path)
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}
