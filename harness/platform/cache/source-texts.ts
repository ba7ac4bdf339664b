import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder } from '../call-folder.ts'

/**
 * Texts of the harness's own files by patterns from the project's folder, tests and samples left out, in a fixed order:
 * code that shapes a cache entry is one of its inputs.
 */
export function sourceTexts(...patterns: readonly string[]): Promise<string[]> {
  const files = globSync(patterns, { cwd: projectFolder, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.|^sample-/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  return Promise.all([...new Set(files)].sort().map((path) => readFile(path, 'utf8')))
}
