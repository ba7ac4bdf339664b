import { GuestFault } from '../../model/faults.ts'
import { type LeftFile, readLeftFile } from './left-file.ts'

/** Bounds on a listing, in bytes and lines; a workload's store has a thousand lines. */
export const maxListingBytes = 8 * 1024 * 1024
const maxListingLines = 100_000

/**
 * Lists the folder it is run in, in guests and on hosts alike: raw mode (in hexadecimal), owner, group and name with
 * link target of everything, and SHA-256 of all files that their owner may read: to fakeroot, which has no more rights
 * than its user, a file of mode 0 is closed. The folder itself is left out, it belongs to whoever made it, and so
 * is what lock files hold: the mark of who used the store last (containers/storage, pkg/lockfile).
 */
export const listingScript = `set -e
find . ! -name . ! -name lost+found ! -path './lost+found/*' -exec stat -c '%f %u %g %N' {} +
find . -type f -perm -0400 ! -name '*.lock' ! -path './lost+found/*' -exec sha256sum {} +
`

/** Reads what the script printed into a file that a guest left; none where there is no such file. */
export async function listStore(file: LeftFile): Promise<string[]> {
  return listingLines((await readLeftFile(file, maxListingBytes)) ?? Buffer.alloc(0))
}

/** The lines that the script printed, sorted, and without the quotes in which versions of stat differ. Throws GuestFault for too many. */
export function listingLines(printed: Buffer): string[] {
  let lineCount = 0
  for (let at = printed.indexOf(10); at >= 0; at = printed.indexOf(10, at + 1)) lineCount++
  if (lineCount > maxListingLines)
    throw new GuestFault(`The listing of the store has ${lineCount} lines; at most ${maxListingLines} are read.`)
  const lines = printed.toString('utf8').replaceAll("'", '').split('\n')
  return lines.filter((line) => line !== '').sort()
}

/** How many differences are kept as evidence, and how much of each line. */
const shownDifferences = 200
const longestLine = 400

export interface StoreDifferences {
  count: number
  /** The first of them, each with the side that it stands on. */
  shown: string[]
}

/** Lines that stand in only one of two sorted listings. */
export function storeDifferences(
  a: { called: string; lines: readonly string[] },
  b: { called: string; lines: readonly string[] },
): StoreDifferences {
  const shown: string[] = []
  let count = 0
  for (const [own, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const others = new Set(other.lines)
    for (const line of own.lines) {
      if (others.has(line)) continue
      if (count++ < shownDifferences) shown.push(`${own.called}: ${line.slice(0, longestLine)}`)
    }
  }
  return { count, shown }
}
