import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { findProgram } from '../../../harness/inspect/lookup.ts'
import { levelFeature, type ProcessorNeed, processorNeeds } from '../../../harness/inspect/processor/processor-needs.ts'
import type { DynamicSection, Elf } from '../../../harness/inspect/programs/elf.ts'
import { findSection } from '../../../harness/inspect/programs/go-build-info.ts'
import { type LibrarySearch, librarySearchOf } from '../../../harness/inspect/programs/library-search.ts'
import type { ElfFile } from '../../../harness/inspect/programs/programs.ts'
import { architectures } from '../../../harness/model/architecture.ts'
import { runnersFeatures } from '../../../harness/model/processor-feature.ts'
import type { Finding } from '../../../harness/model/result.ts'
import { type Examination, examined, examineEach, finding, type StaticCheck, skipped } from '../check.ts'
import { xtablesFindings } from '../xtables.ts'

type ReadElf = ElfFile & { elf: Elf }
type DynamicElf = ReadElf & { elf: { dynamic: DynamicSection } }

const noElf = 'The image has no ELF files.'
const isRead = (file: ElfFile): file is ReadElf => file.elf !== undefined
const isDynamic = (file: ElfFile): file is DynamicElf => file.elf?.dynamic !== undefined
const elfFiles = ({ elfFiles: files }: InspectedImage): ElfFile[] =>
  [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
const programs = (image: InspectedImage) =>
  elfFiles(image)
    .filter(isRead)
    .filter(({ elf }) => elf.interpreter !== undefined)

/** Code for other processors than the host's belongs there. */
const firmwareFolder = /^\/(usr\/)?(lib|share)\/(firmware|qemu|seabios|edk2|grub|syslinux|kbd|u-boot)\//
/** Debug information keeps the headers of a program without its content (objcopy(1), --only-keep-debug). */
const debugFolder = /\/\.debug\/|^\/usr\/lib\/debug\//
/** BPF programs are ELF objects for a machine of their own (`e_machine` 247, EM_BPF). */
const bpfMachine = 247

function examineMachine(image: InspectedImage): Examination {
  const { elfMachine, name } = architectures[image.arch]
  return examineEach(elfFiles(image), noElf, ({ path, elf, damage }) => {
    if (firmwareFolder.test(path) || debugFolder.test(path) || elf?.machine === bpfMachine) return undefined
    if (elf === undefined) return finding(path, `Its ELF headers are broken: ${damage}.`)
    if (elf.machine === elfMachine && elf.bits === 64 && elf.endianness === 'little') return undefined
    return finding(
      path,
      `It is a ${elf.bits}-bit ${elf.endianness}-endian file for machine ${elf.machine}; the image is ${name}.`,
    )
  })
}

const examineInterpreter = (image: InspectedImage): Examination =>
  examineEach(programs(image), 'The image has no dynamic programs.', ({ path, elf: { interpreter = '' } }) =>
    image.files.isExecutable(interpreter)
      ? undefined
      : finding(
          path,
          `Its loader ${interpreter} ${image.files.find(interpreter) ? 'is not executable' : 'does not exist'}.`,
        ),
  )

function examineNeeded(image: InspectedImage): Examination {
  const search = librarySearchOf(image)
  return examineEach(search.closure(), 'The image has no dynamic programs.', ({ path, dynamic }) =>
    search
      .neededBy(path, dynamic)
      .filter(({ library }) => library === undefined)
      .map(({ name, searched = [] }) => finding(path, `It needs ${name}, ${missingWords(image, name, searched)}.`)),
  )
}

const shownBytes = 60

/** A file of the name that is no ELF file is mostly the text of a lost link, or a page or pointer in its place. */
function missingWords({ files }: InspectedImage, name: string, searched: readonly string[]): string {
  const place = searched.map((folder) => `${folder}/${name}`).find((each) => files.findFile(each))
  const entry = place && files.findFile(place)
  if (!place || !entry) return `which is in none of ${searched.join(', ')}`
  const start = files.readIfWhole(entry, 0, shownBytes)?.toString('latin1').split('\n')[0] ?? ''
  const text = /^[ -~]+$/.test(start) ? `it begins with ${JSON.stringify(start)}` : 'it is not an ELF file'
  return `and ${files.resolve(place).path} is no library: ${text}`
}

function examineVersions(image: InspectedImage): Examination {
  const search = librarySearchOf(image)
  const versioned = search.closure().filter(({ dynamic }) => dynamic.neededVersions.length > 0)
  return examineEach(versioned, 'No program asks for symbol versions.', ({ path, dynamic }) =>
    missingVersions(search, path, dynamic),
  )
}

function missingVersions(search: LibrarySearch, path: string, dynamic: DynamicSection): Finding[] {
  const libraries = new Map(search.neededBy(path, dynamic).map(({ name, library }) => [name, library]))
  const missing = dynamic.neededVersions.filter(({ library: name, version, isWeak }) => {
    const provided = libraries.get(name)?.elf?.dynamic?.providedVersions ?? []
    // A library without any versions satisfies all of them, with a warning (glibc, elf/dl-version.c, match_symbol).
    return !isWeak && provided.length > 0 && !provided.includes(version)
  })
  const byLibrary = Map.groupBy(missing, ({ library }) => library)
  return [...byLibrary].map(([name, versions]) => {
    const list = versions.map(({ version }) => version).join(', ')
    return finding(
      path,
      `It needs ${list} of ${name}, and ${libraries.get(name)?.path} does not provide ${versions.length === 1 ? 'it' : 'them'}.`,
    )
  })
}

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

function examinePlugins(image: InspectedImage): Examination {
  const program = findProgram(image.files, 'iptables', image.init.searchPath)
  if (program === undefined) return skipped('The image has no iptables.')
  const file = image.elfFiles.get(image.files.resolve(program).path)
  if (!file || !isDynamic(file)) return skipped('iptables is not a dynamic program, so its extensions are built in.')
  return xtablesFindings(image, file, librarySearchOf(image))
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

/** Libraries that the loader takes only on a processor of their level (ld.so(8), glibc-hwcaps). */
const chosenFolder = /\/glibc-hwcaps\//

/** Programs that are started whatever runs, and whatever says by a note of its own what it needs. */
function examineProcessor(image: InspectedImage): Examination {
  const notes = elfFiles(image).flatMap((file): ProcessorNeed[] => {
    const feature = file.elf && !chosenFolder.test(file.path) ? levelFeature(file.elf) : undefined
    return feature === undefined ? [] : [{ feature, path: file.path, evidence: 'by its own note' }]
  })
  const needs = [...notes, ...processorNeeds(image.files, image.arch)]
  const beyond = needs.filter(({ feature }) => !runnersFeatures[image.arch].includes(feature))
  const distinct = new Map(beyond.map((need) => [`${need.path} ${need.feature}`, need]))
  return examined(
    ...[...distinct.values()].map(({ path, feature, evidence }) =>
      finding(
        path,
        `It needs ${feature}, ${evidence}; runners start ${architectures[image.arch].contractCpu}, which lacks it.`,
      ),
    ),
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
    id: 'ELF-001',
    title: 'All programs and libraries are of one architecture',
    severity: 'blocker',
    why: 'A file for another processor ends in "Exec format error", or is silently not found as a library.',
    source: 'System V ABI, ELF header; Yocto insane.bbclass, arch',
    remedy: 'Build the package for the image (no -native or host binaries), or move firmware to /lib/firmware.',
    examine: examineMachine,
  },
  {
    id: 'ELF-002',
    title: 'The loader of every program is there',
    severity: 'blocker',
    why: 'Without it the program ends in "No such file or directory", which reads as if the program were missing.',
    source: 'ld.so(8); execve(2)',
    remedy: 'Install the C library, or make the link from the path that the programs name (/lib64).',
    examine: examineInterpreter,
  },
  {
    id: 'ELF-003',
    title: 'Every library that programs need is found',
    severity: 'blocker',
    why: 'A program with a missing library does not start.',
    source: 'ld.so(8), search order',
    remedy: 'Install the package with the library, where the loader searches.',
    examine: examineNeeded,
  },
  {
    id: 'ELF-004',
    title: 'Libraries provide the symbol versions that programs need',
    severity: 'blocker',
    why: 'A program built against a newer library ends in "version not found" when it starts.',
    source: 'Linux Standard Base, Symbol Versioning; glibc elf/dl-version.c',
    remedy: 'Take program and library from one release.',
    examine: examineVersions,
  },
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
    engine: 'podman',
    title: 'The extensions that iptables loads for netavark are there',
    severity: 'error',
    why: 'iptables loads them by name when a rule uses them; a missing one makes every container with a network fail.',
    source: 'iptables-extensions(8); netavark src/firewall/varktables',
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
  {
    id: 'ELF-009',
    title: 'No program needs more than the processor that runners start',
    severity: 'error',
    why: 'Without KVM a runner’s machine is a Skylake-Client or a cortex-a57: a program compiled for more dies there of SIGILL.',
    source: 'System V ABI, AMD64 supplement, micro-architecture levels; boot contract, how a runner starts the machine',
    remedy: 'Tune the image for no more than x86-64-v3 or cortex-a57 (DEFAULTTUNE).',
    examine: examineProcessor,
  },
]
