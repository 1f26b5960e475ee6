import { GetFile, GetFolder } from '#lib/codecommit/content'
import type { ConsoleContext } from '../../../../session.ts'
import { attempt } from '../../../../attempt.ts'

/**
 * What is at a path of a repository. A path does not say whether it is of a file or a folder; the likelier is asked for first, so
 * that opening one is seldom recorded as a failed look for the other.
 *
 * @param path  without slashes around it; empty for the root
 */
export async function fileOrFolder(context: ConsoleContext, { repositoryName, commitSpecifier, path }: Readonly<{ repositoryName: string; commitSpecifier: string; path: string }>) {
  const readFile = async () => attempt(GetFile, context, { repositoryName, commitSpecifier, filePath: path })
  const readFolder = async () => attempt(GetFolder, context, { repositoryName, commitSpecifier, folderPath: path === '' ? '/' : path })
  if (looksLikeFile(path)) {
    const file = await readFile()
    const folder = !file.ok && file.problem.code === 'FileDoesNotExistException' ? await readFolder() : undefined
    return folder?.ok ? { folder } : { file }
  }
  const folder = await readFolder()
  return !folder.ok && folder.problem.code === 'FolderDoesNotExistException' ? { file: await readFile() } : { folder }
}

/** `main.ts`, `.gitignore`, `Makefile`, `LICENSE`: a folder is seldom called so. */
function looksLikeFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return /\.[^.]+$/.test(name) ? !/^\.(github|vscode|husky|ci)$/.test(name) : /^([A-Z]+|Makefile|Dockerfile|Gemfile|Procfile|Jenkinsfile|Vagrantfile)$/.test(name)
}
