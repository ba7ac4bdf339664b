import { printableLine } from '../../model/printable.ts'

/** One thing that an image is made of: a package, or where no package database tells of one, a library, program or Go module. */
export interface Material {
  name: string
  version: string | undefined
  /** What it is for, in SPDX's words; undefined for packages, which do not say. */
  purpose: 'APPLICATION' | 'LIBRARY' | undefined
  /** As its package states it. */
  license: string | undefined
  /** The recipe or source package that it was built from, where its package says. */
  source?: string
  /** Package URL (purl). */
  url: string
  /** Where it lies in the image; undefined where it has many files. */
  path: string | undefined
  /** Package URLs of what is linked into it; each is a material too. */
  parts: readonly string[]
}

/** What an image is made of, sorted, each thing once. */
export interface BillOfMaterials {
  /** Where it was read, in a sentence. */
  source: string
  materials: readonly Material[]
}

/** An image of 512 MiB has some hundred packages; a database that lists more than this is made to be a burden. */
export const maxMaterials = 10_000

const maxTextLength = 256

/** Foreign text as a material may hold it: one line of printable characters, cut off where it is too long for a name. */
export function plainText(text: string): string {
  const line = printableLine(text.slice(0, maxTextLength))
  return text.length > maxTextLength ? `${line}…` : line
}
