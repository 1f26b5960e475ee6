import { createHmac } from 'node:crypto'
import type { Readable } from 'node:stream'
import { db, isUniqueViolation, transaction } from '#lib/db'
import type { ReadMessage } from '#lib/crypto/open-message'
import { remember } from '#lib/remember'
import { CopiedAnswer } from './copied-answer.ts'
import { newObjectId, removeObject, StoringObject } from './object-store.ts'
import type { OpenedRepository } from './open-repository.ts'
import { openSealedFile, sealInto } from './sealed.ts'

/**
 * The name of a fetch's answer: equal requests of equal refs have the same one. Keyed by the repository's own data key, so
 * that what is stored does not tell which objects somebody asked for.
 */
export function responseName({ row, key }: OpenedRepository, requestKey: string): string {
  return createHmac('sha256', key.plaintext).update(`fetch ${row.refsVersion} ${requestKey}`).digest('hex')
}

/**
 * The sealed answer to an equal fetch, opened as it is read; null where there is none. The caller has been authorized, and
 * the repository's key opened for them, as for any fetch.
 */
export async function findResponse({ row, key }: OpenedRepository, name: string): Promise<ReadMessage | null> {
  const id = { repositoryId_cacheKey: { repositoryId: row.id, cacheKey: name } }
  const found = await db().storedObject.findUnique({ where: id })
  if (!found) return null
  const now = new Date()
  if (!found.lastUsedAt || now.getTime() - found.lastUsedAt.getTime() > 60_000) {
    await db().storedObject.updateMany({ where: { id: found.id }, data: { lastUsedAt: now } })
  }
  try {
    return await openSealedFile(key, { repositoryId: row.id, object: `response/${name}` }, found.id)
  } catch {
    // Altered, cut or gone: git makes the answer anew, from packs that are checked in their turn.
    await db().storedObject.deleteMany({ where: { id: found.id } })
    await removeObject(found.id)
    return null
  }
}

/**
 * Passes an answer through to its reader and keeps a sealed copy, if it comes whole and is worth it. What goes wrong with the
 * copy never disturbs the reader.
 *
 * `clone`: its client has nothing yet. `done` settles when git has ended: only an answer that it ended well is kept.
 */
export function keepResponse(
  { row, key }: OpenedRepository,
  { name, clone }: Readonly<{ name: string; clone: boolean }>,
  { stdout, done }: Readonly<{ stdout: Readable; done: Promise<unknown> }>,
): Readable {
  const underWay = remember('codecommit.responsesUnderWay', () => new Set<string>())
  if (underWay.has(name)) return stdout
  underWay.add(name)
  const id = newObjectId()
  const dataKey = { id: key.id, plaintext: Uint8Array.from(key.plaintext) }
  const copy = new StoringObject(id, (file) => sealInto(file, dataKey, { repositoryId: row.id, object: `response/${name}` }))
  return new CopiedAnswer(stdout, copy, { keep, forget })

  async function keep(bytes: number): Promise<void> {
    try {
      await done
      if (!clone && bytes < leastBytes) return await forget()
      const sealedSize = await copy.finish()
      await insertResponse(row.id, { id, dataKeyId: key.id, name, version: row.refsVersion, openedSize: bytes, sealedSize })
      if ((await keptBytes()) > mostBytes) await evictResponses()
    } catch {
      await forget()
    } finally {
      underWay.delete(name)
      dataKey.plaintext.fill(0)
    }
  }

  async function forget(): Promise<void> {
    underWay.delete(name)
    await copy.discard()
  }
}

/** Removes answers until they take no more than `limit` bytes: of older refs first, then those asked for longest ago. */
export async function evictResponses(limit = mostBytes): Promise<number> {
  const kept = await db().storedObject.findMany({
    where: { kind: 'response' },
    orderBy: { lastUsedAt: 'desc' },
    select: { id: true, packId: true, sealedSize: true, repository: { select: { refsVersion: true } } },
  })
  let bytes = 0
  const gone: string[] = []
  for (const { id, packId, sealedSize, repository } of kept) {
    const current = packId === versionLabel(repository.refsVersion)
    if (current && bytes + Number(sealedSize) <= limit) bytes += Number(sealedSize)
    else gone.push(id)
  }
  if (gone.length === 0) return 0
  const now = new Date()
  await transaction(async (tx) => {
    await tx.storedObject.deleteMany({ where: { id: { in: gone } } })
    // Whoever is reading one has it open; the name may go a little later.
    await tx.doomedObject.createMany({ data: gone.map((id) => ({ id, doomedAt: now, removeAt: new Date(now.getTime() + 60_000) })) })
  })
  return gone.length
}

/** A smaller answer to a client that has something is asked for once. A clone is asked for by many, however small it is. */
const leastBytes = 256 * 1024
const mostBytes = 8 * 1024 ** 3

async function keptBytes(): Promise<number> {
  const { _sum } = await db().storedObject.aggregate({ where: { kind: 'response' }, _sum: { sealedSize: true } })
  return Number(_sum.sealedSize ?? 0)
}

function versionLabel(version: number): string {
  return `refs/${version}`
}

async function insertResponse(
  repositoryId: string,
  response: { id: string; dataKeyId: string; name: string; version: number; openedSize: number; sealedSize: number },
): Promise<void> {
  const now = new Date()
  try {
    await db().storedObject.create({
      data: {
        id: response.id,
        repositoryId,
        dataKeyId: response.dataKeyId,
        kind: 'response',
        packId: versionLabel(response.version),
        openedSize: BigInt(response.openedSize),
        sealedSize: BigInt(response.sealedSize),
        createdAt: now,
        lastUsedAt: now,
        cacheKey: response.name,
      },
    })
  } catch (error) {
    await removeObject(response.id)
    if (!isUniqueViolation(error)) throw error
  }
}
