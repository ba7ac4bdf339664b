import { pathOf } from '../image/squashfs/tree.ts'
import type { FileTree } from './file-tree.ts'

/** Where a program is found, as execvp(3) would: the first executable regular file on the search path. */
export function findProgram(files: FileTree, name: string, searchPath: readonly string[]): string | undefined {
  if (name.includes('/')) return files.isExecutable(name) ? name : undefined
  return searchPath.map((folder) => `${folder.replace(/\/$/, '')}/${name}`).find((path) => files.isExecutable(path))
}

/** A present file of that name that cannot be run, to say so instead of "missing". */
export function findUnusable(files: FileTree, name: string, searchPath: readonly string[]): string | undefined {
  return searchPath
    .map((folder) => `${folder.replace(/\/$/, '')}/${name}`)
    .find((path) => files.resolve(path, { followLast: false }).entry !== undefined)
}

/** Why a present file cannot be run. */
export function unusableReason(files: FileTree, path: string): string {
  const { entry, problem, path: end } = files.resolve(path)
  if (problem) return `${path} is a link that ends at ${end} (${problem})`
  if (entry.inode.kind !== 'file') return `${pathOf(entry)} is a ${entry.inode.kind}`
  return `${pathOf(entry)} is not executable`
}
