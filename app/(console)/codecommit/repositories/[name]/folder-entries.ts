import type { FolderEntry } from '#components/codecommit/file-table.tsx'

type Folder = Readonly<{
  subFolders?: readonly Readonly<{ treeId: string; absolutePath: string; relativePath: string }>[]
  files?: readonly Readonly<{ blobId: string; absolutePath: string; relativePath: string }>[]
  symbolicLinks?: readonly Readonly<{ blobId: string; absolutePath: string; relativePath: string }>[]
  subModules?: readonly Readonly<{ commitId: string; absolutePath: string; relativePath: string }>[]
}>

/** A folder as GetFolder answers it, as one list: folders first, then the rest, each by name. */
export function folderEntries({ subFolders = [], files = [], symbolicLinks = [], subModules = [] }: Folder): FolderEntry[] {
  const entry = (kind: FolderEntry['kind'], id: string, { absolutePath, relativePath }: { absolutePath: string; relativePath: string }) => ({
    kind,
    id,
    name: relativePath,
    path: absolutePath.replace(/^\/+/, ''),
  })
  return [
    ...subFolders.map((each) => entry('folder', each.treeId, each)),
    ...[
      ...files.map((each) => entry('file', each.blobId, each)),
      ...symbolicLinks.map((each) => entry('symbolic link', each.blobId, each)),
      ...subModules.map((each) => entry('submodule', each.commitId, each)),
    ].sort((a, b) => (a.name < b.name ? -1 : 1)),
  ]
}
