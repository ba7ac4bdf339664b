import type { ImageTree } from '../../harness/image/variant/image-tree.ts'

/** Where the reference image lists its packages, and the files of each. */
const status = '/var/lib/dpkg/status'
const listOf = (name: string): string => `/var/lib/dpkg/info/${name}.list`

/** How many packages a mutant is hidden among. */
const harmlessCount = 40

/** The same change among forty packages of libraries that were updated and work as before. */
export const hidden =
  (change: (tree: ImageTree) => void) =>
  (tree: ImageTree): void => {
    const names = [...tree.text(status).matchAll(/^Package: (lib\S+)$/gm)].map(([, name]) => name as string)
    const updated = names.filter((name) => libraryOf(tree, name) !== undefined).slice(0, harmlessCount)
    if (updated.length < harmlessCount) throw new Error(`Only ${updated.length} packages have a library.`)
    for (const name of updated) update(tree, name)
    change(tree)
  }

/** A package's library itself, no link to it. */
const libraryOf = (tree: ImageTree, name: string): string | undefined =>
  tree
    .text(listOf(name))
    .split('\n')
    .find((path) => /\.so\.[\d.]+$/.test(path) && tree.has(path) && tree.entry(path).kind === 'file')

/** A later version, whose library ends in other bytes, which nothing reads. */
function update(tree: ImageTree, name: string): void {
  tree.replace(
    status,
    new RegExp(`(?<=^Package: ${name.replaceAll(/[.+]/g, '\\$&')}\n(?:.+\n)*Version: .*)$`, 'm'),
    '+update1',
  )
  const library = libraryOf(tree, name) as string
  tree.write(library, Buffer.concat([tree.bytes(library), Buffer.from(`updated ${name}`.padEnd(64, '\0'))]))
}
