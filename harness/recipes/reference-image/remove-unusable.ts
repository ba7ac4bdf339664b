import type { Dirent } from 'node:fs'
import { open, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { isElf } from '../../image/file-magic.ts'
import { linkageOf } from '../../inspect/programs/elf.ts'
import { EnvironmentFault } from '../../model/faults.ts'
import { pathInside } from '../path-inside.ts'

/**
 * Removes what cannot work for want of packages that were left out: links to nothing, and scripts without their
 * interpreter. Throws EnvironmentFault where a program lacks a library: then too much was left out.
 */
export async function removeUnusable(tree: string): Promise<void> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true })
  await requireLibraries(tree, entries.filter(isFileIn(tree, 'usr/')))
  for (const entry of entries.filter(isFileIn(tree, 'usr/bin/', 'usr/sbin/')))
    if (!(await hasInterpreter(tree, pathOf(entry)))) await rm(pathOf(entry))
  for (const entry of entries)
    if (entry.isSymbolicLink() && (await pathInside(tree, relative(tree, pathOf(entry)))) === undefined)
      await rm(pathOf(entry))
}

const pathOf = (entry: Dirent): string => join(entry.parentPath, entry.name)

const isFileIn =
  (tree: string, ...folders: readonly string[]) =>
  (entry: Dirent): boolean =>
    entry.isFile() && folders.some((folder) => pathOf(entry).startsWith(join(tree, folder)))

async function hasInterpreter(tree: string, script: string): Promise<boolean> {
  const firstLine = (await firstBytes(script, 256)).toString('latin1').split('\n')[0] ?? ''
  const [, program, argument] = /^#!\s*(\S+)\s*(\S*)/.exec(firstLine) ?? []
  if (program === undefined) return true
  const wanted = program.endsWith('/env') && argument ? `usr/bin/${argument}` : program
  return (await pathInside(tree, wanted)) !== undefined
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function requireLibraries(tree: string, files: readonly Dirent[]): Promise<void> {
  const present = new Set(files.map((entry) => entry.name))
  for (const { name } of await symbolicLinks(tree)) present.add(name)
  const complaints: string[] = []
  for (const entry of files) {
    if (!isElf(await firstBytes(pathOf(entry), 4))) continue
    const { loader, libraries } = linkageOf(await readFile(pathOf(entry)))
    const missing = [...libraries, ...(loader ? [basename(loader)] : [])].filter((name) => !present.has(name))
    if (missing.length > 0) complaints.push(`/${relative(tree, pathOf(entry))} needs ${missing.join(', ')}`)
  }
  if (complaints.length > 0)
    throw new EnvironmentFault(
      'E_BUILD',
      `The reference image's recipe leaves out too much: ${complaints.sort().join('; ')}.`,
    )
}

async function symbolicLinks(tree: string): Promise<Dirent[]> {
  return (await readdir(join(tree, 'usr'), { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isSymbolicLink(),
  )
}
