import type { FolderEntry } from '#components/codecommit/file-table.tsx'

type Folder = Readonly<{
  subFolders?: readonly Readonly<{ relativePath: string }>[]
  files?: readonly Readonly<{ relativePath: string }>[]
  symbolicLinks?: readonly Readonly<{ relativePath: string }>[]
  subModules?: readonly Readonly<{ commitId: string; relativePath: string }>[]
}>

/** A folder as GetFolder answers it, as one list: folders first, then the rest, each by name. */
export function folderEntries({ subFolders = [], files = [], symbolicLinks = [], subModules = [] }: Folder): FolderEntry[] {
  const entry = (kind: FolderEntry['kind']) => ({ relativePath }: Readonly<{ relativePath: string }>) => ({ kind, name: relativePath })
  return [
    ...subFolders.map(entry('folder')),
    ...[
      ...files.map(entry('file')),
      ...symbolicLinks.map(entry('symbolic link')),
      ...subModules.map((each) => ({ ...entry('submodule')(each), commitId: each.commitId })),
    ].sort((a, b) => (a.name < b.name ? -1 : 1)),
  ]
}
