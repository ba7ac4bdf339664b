import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const projectFolder = join(import.meta.dirname, '../../..')

/**
 * Texts of the harness's own modules, given by file or by folder of the project, tests left out, in a fixed order: code
 * that shapes a cache entry is one of its inputs.
 */
export async function sourceTexts(...places: readonly string[]): Promise<string[]> {
  const names = await Promise.all(places.map((place) => modulesIn(join(projectFolder, place))))
  return Promise.all(names.flat().map((path) => readFile(path, 'utf8')))
}

async function modulesIn(folder: string): Promise<string[]> {
  if (folder.endsWith('.ts')) return [folder]
  const names = await readdir(folder, { recursive: true })
  const modules = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  return modules.sort().map((name) => join(folder, name))
}
