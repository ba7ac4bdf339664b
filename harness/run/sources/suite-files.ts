import { globSync } from 'node:fs'
import { projectFolder } from '../../platform/call-folder.ts'
import type { ModuleTexts } from './module-closure.ts'

/** A file of tests of the guest suites. */
export interface SuiteFile {
  /** Relative to the project. */
  path: string
  /** What in it defines tests of requirements. */
  definitions: readonly Definition[]
}

/** One definition, of the requirement with this ID or of those up to `last`. */
interface Definition {
  id: string
  last: string
}

/** How files of tests name what they answer: `requirement('ID', …`, a row of a table with an `id`, or a call with the first and the last ID. */
const definitionPatterns = [
  /\brequirement\('(?<id>[A-Z]+-\d+)'/g,
  /\bid: '(?<id>[A-Z]+-\d+)'/g,
  /^\w+\('(?<id>[A-Z]+-\d+)', '(?<last>[A-Z]+-\d+)'\)$/gm,
]

/** The files of the guest suites' tests, in the order of their paths. */
export const suiteFiles = (texts: ModuleTexts): SuiteFile[] =>
  globSync('suites/{boot,podman}/**/*.test.{ts,js}', { cwd: projectFolder })
    .sort()
    .map((path) => ({ path, definitions: definitionsIn(texts.text(path)) }))

const definitionsIn = (text: string): Definition[] =>
  definitionPatterns
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map(({ groups = {} }) => ({ id: groups.id as string, last: groups.last ?? (groups.id as string) }))

/** The file whose tests answer for a requirement. Throws where there is none: rows and tests are out of step. */
export function fileOf(id: string, files: readonly SuiteFile[]): SuiteFile {
  const file = files.find(({ definitions }) => definitions.some(({ id: first, last }) => first <= id && id <= last))
  if (!file) throw new Error(`No file of tests defines ${id}.`)
  return file
}

/** What in a file's text belongs to one test alone, from its first line to the line that closes it. */
const blockPattern = /^requirement\('([A-Z]+-\d+)'[^\n]*\n[\s\S]*?^\}\)$/gm

/**
 * The part of a file on which the result of a requirement depends: without the tests of others where its own stands by itself, else all
 * of it.
 */
export function textBehind(id: string, text: string): string {
  const ownBlocks = [...text.matchAll(blockPattern)].map(([, blockId]) => blockId)
  if (!ownBlocks.includes(id)) return text
  return text.replaceAll(blockPattern, (block, blockId: string) => (blockId === id ? block : ''))
}
