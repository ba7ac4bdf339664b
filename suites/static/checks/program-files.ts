import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { findProgram } from '../../../harness/inspect/lookup.ts'
import type { ReadAt } from '../../../harness/inspect/programs/elf.ts'
import { emptyCode, wholeProblem } from '../../../harness/inspect/programs/elf-extent.ts'
import { helperFolders } from '../../../harness/inspect/programs/helper-folders.ts'
import { librarySearchOf } from '../../../harness/inspect/programs/library-search.ts'
import { multiCallProgram } from '../../../harness/inspect/programs/multi-call.ts'
import type { Finding } from '../../../harness/model/result.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examineEach, finding, type StaticCheck } from '../check.ts'

interface RealPrograms {
  packages: readonly string[]
  programs: readonly string[]
  /** What each of them prints of itself when asked for its version (iproute2 ip/ip.c; util-linux include/c.h, print_version). */
  mark: string
}

/** Programs that others have too, by the packages of the recipe that bring the real ones. */
const realPrograms: readonly RealPrograms[] = [
  { packages: ['iproute2', 'iproute'], programs: ['ip'], mark: 'iproute2' },
  {
    packages: ['util-linux', 'util-linux-core'],
    programs: ['mount', 'umount', 'losetup', 'nsenter', 'unshare', 'script'],
    mark: 'util-linux',
  },
]

interface WantedProgram {
  name: string
  origin: string
  mark: string
}

const wantedPrograms = ({ packages }: Profile): WantedProgram[] =>
  realPrograms
    .filter(({ packages: names }) =>
      packages.required.some((alternatives) => names.some((each) => alternatives.includes(each))),
    )
    .flatMap(({ packages: [origin = ''], programs, mark }) => programs.map((name) => ({ name, origin, mark })))

const examineReal = (image: InspectedImage, profile: Profile): Examination =>
  examineEach(wantedPrograms(profile), 'The profile requires no package whose programs busybox has too.', (wanted) => {
    const path = findProgram(image.files, wanted.name, image.init.searchPath)
    return path === undefined ? undefined : realFinding(image, path, wanted)
  })

/** A program of these packages has some hundred thousand bytes. */
const maxRealBytes = 8 * 1024 * 1024

function realFinding({ files, elfFiles }: InspectedImage, path: string, { name, origin, mark }: WantedProgram) {
  const other = multiCallProgram(files, path)
  if (other) return finding(path, `${name} is an applet of ${other}; the recipe has the one of ${origin}.`)
  const file = elfFiles.get(files.resolve(path).path)
  const content = file?.elf && files.readIfWhole(file.entry, 0, Math.min(file.entry.inode.sizeBytes, maxRealBytes))
  if (content === undefined || content.includes(mark, 0, 'latin1')) return undefined
  return finding(path, `${name} does not name ${mark}, as that of ${origin} does: it is another program.`)
}

/** Real paths of the programs that the profile requires. */
function requiredPrograms(image: InspectedImage, { programs }: Profile): string[] {
  const found = programs.required.flatMap((alternatives) =>
    alternatives.map((name) => findProgram(image.files, name, image.init.searchPath)),
  )
  const helpers = programs.helpers.map((name) => findProgram(image.files, name, helperFolders(image)))
  const paths = [...found, ...helpers].flatMap((path) => path ?? [])
  return [...new Set(paths.map((path) => image.files.resolve(path).path))]
}

/** The libraries that programs reach, by real path. */
function librariesOf(image: InspectedImage, programs: readonly string[]): Set<string> {
  const search = librarySearchOf(image)
  const reached = new Set<string>()
  const waiting = [...programs]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const dynamic = image.elfFiles.get(path)?.elf?.dynamic
    for (const { library } of dynamic ? search.neededBy(path, dynamic) : []) {
      if (library === undefined || reached.has(library.path)) continue
      reached.add(library.path)
      waiting.push(library.path)
    }
  }
  return reached
}

function examineWhole(image: InspectedImage, profile: Profile): Examination {
  const programs = requiredPrograms(image, profile)
  const libraries = librariesOf(image, programs)
  return examineEach([...programs, ...libraries], 'None of the required programs is there.', (path) =>
    fileFinding(image, path, libraries.has(path)),
  )
}

const [relocatable, fixedProgram, core] = [1, 2, 4]

function fileFinding(image: InspectedImage, path: string, isLibrary: boolean): Finding | undefined {
  const { files } = image
  const entry = files.findFile(path)
  // An empty program is BIN-001's, broken headers are ELF-001's, a missing interpreter is FS-009's.
  if (entry === undefined || entry.inode.sizeBytes === 0) return undefined
  const file = image.elfFiles.get(path)
  if (file?.damage !== undefined || image.scripts.some((script) => script.path === path)) return undefined
  if (file?.elf === undefined) return finding(path, 'It is neither an ELF program nor a script with an interpreter.')
  const { elf } = file
  if (elf.type === relocatable || elf.type === core)
    return finding(path, `It is ${elf.type === core ? 'a memory dump' : 'an object file'}, which cannot be run.`)
  if (isLibrary && (elf.type === fixedProgram || elf.dynamic?.isPositionIndependentExecutable))
    return finding(path, 'It is a program where a library is needed.')
  if (!isLibrary && elf.interpreter === undefined && elf.dynamic?.soname !== undefined)
    return finding(path, 'It is a library where a program is needed.')
  const readAt: ReadAt = (offset, lengthBytes) => files.read(entry, offset, lengthBytes)
  const problem = wholeProblem(readAt, entry.inode.sizeBytes)
  if (problem !== undefined) return finding(path, `It is cut off: ${problem}.`)
  const empty = isLibrary ? undefined : emptyCode(readAt)
  return empty === undefined ? undefined : finding(path, `Its code is zeros at byte ${empty}.`)
}

export const programFileChecks: readonly StaticCheck[] = [
  {
    id: 'BIN-003',
    title: 'Programs of the recipe are the real ones, not others of the same name',
    severity: 'error',
    why: 'An applet, or a program of another project, knows fewer options: ip -batch, mount -o and script -e fail when a runner or podman first uses them.',
    source: 'vpdmn-rootfs-image.bb, IMAGE_INSTALL; BusyBox, usage texts of its applets',
    remedy: 'Let the package win (ALTERNATIVE_PRIORITY, or CONFIG_IP=n and the like in busybox), and remove the link.',
    examine: examineReal,
  },
  {
    id: 'BIN-004',
    title: 'Required programs and their libraries are whole, and of the kind that they are used as',
    severity: 'blocker',
    why: 'A file that was cut off, or is a library, an object file or a page of a web server, fails or crashes when it is run.',
    source: 'System V ABI, "ELF Header" and "Sections"; execve(2), ENOEXEC',
    remedy: 'Build or copy the file again and compare its checksum.',
    examine: examineWhole,
  },
]
