import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { findProgram } from '../../../harness/inspect/lookup.ts'
import type { DynamicSection, Elf } from '../../../harness/inspect/programs/elf.ts'
import { findSection } from '../../../harness/inspect/programs/elf-section.ts'
import { librarySearchOf } from '../../../harness/inspect/programs/library-search.ts'
import type { ElfFile } from '../../../harness/inspect/programs/programs.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examineEach, finding, type StaticCheck, skipped } from '../check.ts'
import { xtablesFindings } from '../xtables.ts'

type ReadElf = ElfFile & { elf: Elf }
type DynamicElf = ReadElf & { elf: { dynamic: DynamicSection } }

const noElf = 'The image has no ELF files.'
const isRead = (file: ElfFile): file is ReadElf => file.elf !== undefined
const isDynamic = (file: ElfFile): file is DynamicElf => file.elf?.dynamic !== undefined
const elfFiles = ({ elfFiles: files }: InspectedImage): ElfFile[] =>
  [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
/** Folders that do not belong into a search path of an image: build machines', anyone's, and the current one. */
const badSearchFolder =
  /^(\/tmp|\/var\/tmp|\/home|\/build|\/workspace|\/yocto|\/root)(\/|$)|\/tmp(-[\w-]+)?\/(work|sysroots)|^(?![/$])/

function examineSearchPaths(image: InspectedImage): Examination {
  const othersWrite = 0o002
  const isWritable = (folder: string) => ((image.files.find(folder)?.inode.permissions ?? 0) & othersWrite) !== 0
  return examineEach(elfFiles(image).filter(isDynamic), 'The image has no dynamic files.', ({ path, elf }) =>
    [...elf.dynamic.rpath, ...elf.dynamic.runpath]
      .filter((folder) => badSearchFolder.test(folder) || (folder.startsWith('/') && isWritable(folder)))
      .map((folder) => finding(path, `It looks for libraries in ${folder === '' ? 'the current folder' : folder}.`)),
  )
}

function examinePlugins(image: InspectedImage, { contract }: Profile): Examination {
  const program = findProgram(image.files, 'iptables', image.init.searchPath)
  if (program === undefined) return skipped('The image has no iptables.')
  const file = image.elfFiles.get(image.files.resolve(program).path)
  if (!file || !isDynamic(file)) return skipped('iptables is not a dynamic program, so its extensions are built in.')
  return xtablesFindings(image, file, librarySearchOf(image), contract.engine)
}

const maxRuntimeBytes = 32 * 1024 * 1024

/** Features without which crun refuses a container, or gives it other capabilities than podman asks for (crun src/libcrun/linux.c). */
const runtimeFeatures = [
  { mark: '+SECCOMP', name: 'seccomp' },
  { mark: '+CAP', name: 'capabilities' },
] as const

function examineRuntimeFeatures(image: InspectedImage): Examination {
  const path = findProgram(image.files, 'crun', image.init.searchPath)
  const entry = path && image.files.findFile(path)
  if (!path || !entry) return skipped('The image has no crun.')
  // `crun --version` prints its features; the text is in the program (crun, src/crun.c).
  const content = image.files.read(entry, 0, maxRuntimeBytes)
  return examineEach(runtimeFeatures, 'Nothing.', ({ mark, name }) =>
    content.includes(mark, 0, 'latin1') ? undefined : finding(path, `crun was built without ${name}.`),
  )
}

const relocatable = 1
const isKernelModule = ({ elf }: ReadElf): boolean => elf.type === relocatable

function hardeningFaults(image: InspectedImage, file: ReadElf): string[] {
  const { elf } = file
  const isProgram = elf.interpreter !== undefined
  const isFixed = elf.type === 2
  return [
    ...(elf.dynamic?.hasTextRelocations ? ['has text relocations'] : []),
    ...(elf.hasExecutableStack ? ['has an executable stack'] : []),
    ...(isProgram && !elf.hasRelro && !isGo(image, file) ? ['has no RELRO'] : []),
    ...(isProgram && isFixed && !isGo(image, file) ? ['is not position-independent'] : []),
  ]
}

/** Go links programs at a fixed address by default, and its memory-safe code gains little from the other. */
const isGo = (image: InspectedImage, { entry }: ReadElf): boolean =>
  findSection((offset, lengthBytes) => image.files.read(entry, offset, lengthBytes), '.note.go.buildid') !== undefined

const examineHardening = (image: InspectedImage): Examination =>
  examineEach(
    elfFiles(image)
      .filter(isRead)
      .filter((file) => !isKernelModule(file)),
    noElf,
    (file) => {
      const faults = hardeningFaults(image, file)
      return faults.length === 0 ? undefined : finding(file.path, `It ${faults.join(', ')}.`)
    },
  )

export const elfChecks: readonly StaticCheck[] = [
  {
    id: 'ELF-005',
    title: 'No program looks for libraries in build folders or where anyone may write',
    severity: 'error',
    why: 'Whoever can write there runs code in the program; a build folder works only on the build machine.',
    source: 'ld.so(8); Yocto insane.bbclass, rpaths and useless-rpaths',
    remedy: 'Build without that RPATH, or remove it (chrpath -d).',
    examine: examineSearchPaths,
  },
  {
    id: 'ELF-006',
    title: 'The extensions that iptables loads for the networks of containers are there',
    severity: 'error',
    why: 'iptables loads them by name when a rule uses them; a missing one makes every container with a network fail.',
    source: 'iptables-extensions(8); netavark src/firewall/varktables; moby, libnetwork/drivers/bridge',
    remedy: 'Install all extensions of iptables (Yocto: iptables-modules).',
    examine: examinePlugins,
  },
  {
    id: 'ELF-007',
    engine: 'podman',
    title: 'crun has seccomp and capabilities',
    severity: 'blocker',
    why: 'Podman gives every container a seccomp profile and a list of capabilities; a crun without the one refuses to start it, and without the other gives it none of the list.',
    source: 'crun(1); crun src/libcrun/seccomp.c and linux.c, read_caps',
    remedy: 'Build crun with libseccomp and libcap (PACKAGECONFIG seccomp caps).',
    examine: examineRuntimeFeatures,
  },
  {
    id: 'ELF-008',
    title: 'Programs and libraries are hardened',
    severity: 'warning',
    why: 'Text relocations, executable stacks, writable relocation tables and fixed addresses make flaws exploitable.',
    source: 'Yocto security_flags.inc and insane.bbclass, textrel; elf(5)',
    remedy: 'Build with -fPIE -pie -Wl,-z,relro,-z,noexecstack and without text relocations.',
    examine: examineHardening,
  },
]
