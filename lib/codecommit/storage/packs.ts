import { db, type Db } from '#lib/db'

/** The kinds of stored message that make a pack: git's own file extensions. */
export const packFileKinds = ['pack', 'idx', 'bitmap', 'rev'] as const

export type PackFileKind = (typeof packFileKinds)[number]

/** One stored file of a pack. */
export type StoredFile = Readonly<{ id: string; packId: string; kind: PackFileKind; dataKeyId: string; openedSize: number; sealedSize: number; objectCount: number }>

/** A pack in force, with its files. */
export type StoredPack = Readonly<{ id: string; dataKeyId: string; openedSize: number; files: readonly StoredFile[] }>

/** The packs that hold a repository's objects now: superseded ones left out. */
export async function packsOf(repositoryId: string, on: Db = db()): Promise<StoredPack[]> {
  const rows = await on.storedObject.findMany({
    where: { repositoryId, supersededAt: null, kind: { in: [...packFileKinds] } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  })
  const packs = new Map<string, StoredFile[]>()
  for (const row of rows) {
    const file: StoredFile = { ...row, kind: row.kind as PackFileKind, openedSize: Number(row.openedSize), sealedSize: Number(row.sealedSize) }
    const files = packs.get(row.packId)
    if (files) files.push(file)
    else packs.set(row.packId, [file])
  }
  return [...packs].map(([id, files]) => ({
    id,
    files,
    dataKeyId: files[0]?.dataKeyId ?? '',
    openedSize: files.reduce((sum, file) => sum + file.openedSize, 0),
  }))
}

/** The name that a stored file's message is sealed under. */
export function messageNameOf(repositoryId: string, file: Pick<StoredFile, 'kind' | 'packId'>): { repositoryId: string; object: string } {
  return { repositoryId, object: `${file.kind}/${file.packId}` }
}
