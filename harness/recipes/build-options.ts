import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface BuildOptions {
  /** Debian suite or code name; default `trixie`. */
  release?: string
  /** Build even where the cache has it. */
  force?: boolean
  /** Is told, in one line each, what is being done. */
  progress?: (line: string) => void
}

/** Debian stable. */
export const defaultRelease = 'trixie'

/**
 * Texts of everything that decides how something is built: the builder's own modules and the given recipe files. A
 * change to any of them gives another cache key.
 */
export async function sourceTexts(...recipe: readonly URL[]): Promise<string[]> {
  const isBuilder = (name: string) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/(^|\/)sample-/.test(name)
  const names = (await readdir(import.meta.dirname, { recursive: true })).filter(isBuilder)
  const builder = names.sort().map((name) => join(import.meta.dirname, name))
  return Promise.all([...recipe, ...builder].map((path) => readFile(path, 'utf8')))
}
