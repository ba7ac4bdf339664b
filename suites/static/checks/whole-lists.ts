import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { trustBundles } from '../../../harness/inspect/trust-bundles.ts'
import { type Examination, examineEach, finding, type StaticCheck } from '../check.ts'

/** How to see that a list ends inside an entry: says what is wrong, or undefined. */
type Ending = (text: string) => string | undefined

const markers = (text: string, mark: string): number => text.split(`-----${mark} `).length - 1

const blocks: Ending = (text) =>
  markers(text, 'BEGIN') === markers(text, 'END') ? undefined : 'its last block has a beginning and no end'

const noLineEnd = (text: string): string | undefined =>
  text === '' || text.endsWith('\n') ? undefined : 'its last line has no end'

/** Lines of a number of fields, such as passwd(5) and group(5) have. */
const fields =
  (count: number): Ending =>
  (text) => {
    const last = text.trimEnd().split('\n').at(-1) ?? ''
    const isCut = last !== '' && !last.startsWith('#') && last.split(':').length < count
    return isCut ? `its last line has fewer than ${count} fields` : undefined
  }

/** Stanzas of packages, each of which has a version (deb-control(5)). */
const stanzas: Ending = (text) => {
  const last =
    text
      .trimEnd()
      .split(/\n\s*\n/)
      .at(-1) ?? ''
  if (last === '') return undefined
  return /^Version:/m.test(last) ? noLineEnd(text) : 'its last package has no version'
}

const lists: readonly { path: string; ending: Ending }[] = [
  ...trustBundles.map((path) => ({ path, ending: blocks })),
  { path: '/etc/group', ending: fields(4) },
  { path: '/etc/shadow', ending: fields(9) },
  { path: '/etc/gshadow', ending: fields(4) },
  ...['/var/lib/dpkg/status', '/var/lib/opkg/status', '/usr/lib/opkg/status'].map((path) => ({
    path,
    ending: stanzas,
  })),
]

const cachePath = '/etc/ld.so.cache'
const cacheMagic = 'glibc-ld.so.cache1.1'
const maxCacheBytes = 4 * 1024 * 1024
const [cacheHeadBytes, cacheEntryBytes] = [48, 24]

/** The loader takes no name from a cache that is shorter than its head says (glibc, elf/dl-cache.c). */
function cacheProblem({ files }: InspectedImage): string | undefined {
  const entry = files.findFile(cachePath)
  if (entry === undefined || entry.inode.sizeBytes > maxCacheBytes) return undefined
  const bytes = files.readIfWhole(entry, 0, maxCacheBytes)
  if (bytes === undefined || bytes.toString('latin1', 0, cacheMagic.length) !== cacheMagic) return undefined
  if (bytes.length < cacheHeadBytes) return 'it ends inside its head'
  const end = cacheHeadBytes + bytes.readUInt32LE(20) * cacheEntryBytes + bytes.readUInt32LE(24)
  return end > bytes.length ? `its names end at byte ${end}, the file at ${bytes.length}` : undefined
}

function examineEndings(image: InspectedImage): Examination {
  const present = lists.flatMap(({ path, ending }) => {
    const text = image.files.text(path)
    return text === undefined ? [] : [{ path, problem: ending(text) }]
  })
  const cache = image.files.findFile(cachePath) ? [{ path: cachePath, problem: cacheProblem(image) }] : []
  return examineEach([...present, ...cache], 'The image has none of these lists.', ({ path, problem }) =>
    problem === undefined ? undefined : finding(path, `It is cut off: ${problem}.`),
  )
}

export const wholeListChecks: readonly StaticCheck[] = [
  {
    id: 'FS-011',
    title: 'Lists of certificates, accounts, packages and libraries end with a whole entry',
    severity: 'warning',
    why: 'A list that was cut off still serves with what is left, so that what is missing is only noticed later.',
    source: 'RFC 7468; group(5), shadow(5), deb-control(5); glibc elf/dl-cache.c',
    remedy:
      'Make the file anew (update-ca-certificates, ldconfig), and see why it was cut: a full disk, or a copy that was killed.',
    examine: examineEndings,
  },
]
