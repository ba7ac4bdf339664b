import { printableName } from '../../../harness/image/squashfs/file-name.ts'
import { type Entry, pathOf } from '../../../harness/image/squashfs/tree.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { linkTarget } from '../../../harness/inspect/path-resolution.ts'
import { reachOf } from '../../../harness/inspect/reach.ts'
import { matchesPath } from '../../../harness/profile/path-pattern.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examineEach, finding, type StaticCheck } from '../check.ts'

const examineLinks = (image: InspectedImage, look: Parameters<typeof examineEach<Entry>>[2]): Examination =>
  examineEach(
    image.files.entries.filter(({ inode }) => inode.kind === 'symlink'),
    'The image has no symbolic links.',
    look,
  )

/** Folders in which builders work; an image that points there was linked against the build machine. */
const buildHostPath =
  /^\/(home\/[^/]+\/|build\/|builddir\/|buildroot\/|workspace\/|yocto\/|.*\/tmp(-[\w-]+)?\/(work|sysroots|deploy)\/)/
const isBuildHostPath = (path: string): boolean => buildHostPath.test(path)

const isUnder = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

/** Where a link leads to that exists at run time only, or whose end the profile does not ask for. */
const isExpectedToDangle = (link: Entry, missingPath: string, { links }: Profile): boolean =>
  links.runtimeTargets.some((folder) => isUnder(missingPath, folder)) ||
  links.unresolved.some((pattern) => matchesPath(pattern, pathOf(link)))

const examineTargets =
  (isUsed: boolean) =>
  (image: InspectedImage, profile: Profile): Examination =>
    examineLinks(image, (link) => {
      const { problem, path } = image.files.resolve(pathOf(link))
      if (problem === undefined || problem === 'loop' || isExpectedToDangle(link, path, profile)) return undefined
      if (isBuildHostPath(linkTarget(link)) || reachOf(image, profile).has(pathOf(link)) !== isUsed) return undefined
      const reason = problem === 'missing' ? 'does not exist' : 'is no folder'
      return finding(
        link,
        `The link leads to ${printableName(linkTarget(link))}, but ${printableName(path)} ${reason}.`,
      )
    })

const examineLoops = (image: InspectedImage): Examination =>
  examineLinks(image, (link) => {
    if (image.files.resolve(pathOf(link)).problem === 'loop') return finding(link, 'The link leads back to itself.')
    const target = linkTarget(link)
    const isDangling = image.files.find(pathOf(link)) === undefined
    return isDangling && isBuildHostPath(target)
      ? finding(link, `The link leads to the build machine: ${target}.`)
      : undefined
  })

const common = {
  source: 'symlink(7); path_resolution(7)',
  remedy: 'Install what the link leads to, remove the link, or list it in the profile (links.unresolved).',
} as const

export const linkChecks: readonly StaticCheck[] = [
  {
    ...common,
    id: 'FS-004',
    title: 'Every symbolic link that init or the engine opens leads to something in the image',
    severity: 'error',
    why: 'A link to nothing is a command, helper or configuration file that cannot be opened when it is needed.',
    examine: examineTargets(true),
  },
  {
    ...common,
    id: 'FS-012',
    title: 'Other symbolic links lead to something in the image',
    severity: 'warning',
    why: 'Neither init nor the engine opens them, but whoever does finds nothing; a package may have come without a part of it.',
    examine: examineTargets(false),
  },
  {
    id: 'FS-005',
    title: 'No symbolic link loops or leads to the build machine',
    severity: 'error',
    why: 'Opening a loop fails with ELOOP; a path of the build machine exists nowhere else.',
    source: 'path_resolution(7); Yocto insane.bbclass, symlink-to-sysroot',
    remedy: 'Make the link relative, or give it its final target.',
    examine: examineLoops,
  },
]
