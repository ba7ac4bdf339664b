import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { oncePerImage } from '../../../harness/inspect/once-per-image.ts'
import { levelFeature, type ProcessorNeed, processorNeeds } from '../../../harness/inspect/processor/processor-needs.ts'
import type { DynamicSection, Elf } from '../../../harness/inspect/programs/elf.ts'
import { type LibrarySearch, librarySearchOf } from '../../../harness/inspect/programs/library-search.ts'
import type { ElfFile } from '../../../harness/inspect/programs/programs.ts'
import { reachOf } from '../../../harness/inspect/reach.ts'
import { architectures } from '../../../harness/model/architecture.ts'
import { runnersFeatures } from '../../../harness/model/processor-feature.ts'
import type { Finding } from '../../../harness/model/result.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, examined, examineEach, finding, joinExaminations, type StaticCheck } from '../check.ts'

const noElf = 'The image has no ELF files.'
const elfFiles = ({ elfFiles: files }: InspectedImage): ElfFile[] =>
  [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
/** Some libraries name a loader too (libc, libcap): one that nobody may execute is never started. */
const programs = (image: InspectedImage) =>
  elfFiles(image).filter(
    (file): file is ElfFile & { elf: Elf } =>
      file.elf?.interpreter !== undefined && image.files.isExecutable(file.path),
  )

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
      .filter(({ name, library }) => library === undefined && !search.isLoadedBefore(name, path))
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

type Look = (image: InspectedImage) => Examination

/** Two requirements share what was seen. */
const seeMachine = oncePerImage(examineMachine)
const seeInterpreter = oncePerImage(examineInterpreter)
const seeNeeded = oncePerImage(examineNeeded)
const seeVersions = oncePerImage(examineVersions)
const seeProcessor = oncePerImage(examineProcessor)

/** A requirement of programs that are used: what others lack is ELF-010's. */
const ofUsed =
  (look: Look) =>
  (image: InspectedImage, profile: Profile): Examination => {
    const examination = look(image)
    const isUsed = ({ path = '' }: Finding) => !reachOf(image, profile).otherPrograms().has(path)
    return { ...examination, findings: examination.findings.filter(isUsed) }
  }

const looks: readonly Look[] = [seeMachine, seeInterpreter, seeNeeded, seeVersions, seeProcessor]

/** Where a program that is used has the same fault, the cause is told with it: a loader or C library that no program finds. */
function examineOthers(image: InspectedImage, profile: Profile): Examination {
  const isOther = (path: string) => reachOf(image, profile).otherPrograms().has(path)
  const examinations = looks.map((look) => {
    const examination = look(image)
    return examination.findings.every(({ path = '' }) => isOther(path)) ? examination : { ...examination, findings: [] }
  })
  return joinExaminations(...examinations)
}

export const startingChecks: readonly StaticCheck[] = [
  {
    id: 'ELF-001',
    title: 'All programs and libraries are of one architecture',
    severity: 'blocker',
    why: 'A file for another processor ends in "Exec format error", or is silently not found as a library.',
    source: 'System V ABI, ELF header; Yocto insane.bbclass, arch',
    remedy: 'Build the package for the image (no -native or host binaries), or move firmware to /lib/firmware.',
    examine: ofUsed(seeMachine),
  },
  {
    id: 'ELF-002',
    title: 'The loader of every program is there',
    severity: 'blocker',
    why: 'Without it the program ends in "No such file or directory", which reads as if the program were missing.',
    source: 'ld.so(8); execve(2)',
    remedy: 'Install the C library, or make the link from the path that the programs name (/lib64).',
    examine: ofUsed(seeInterpreter),
  },
  {
    id: 'ELF-003',
    title: 'Every library that programs need is found',
    severity: 'blocker',
    why: 'A program with a missing library does not start.',
    source: 'ld.so(8), search order',
    remedy: 'Install the package with the library, where the loader searches.',
    examine: ofUsed(seeNeeded),
  },
  {
    id: 'ELF-004',
    title: 'Libraries provide the symbol versions that programs need',
    severity: 'blocker',
    why: 'A program built against a newer library ends in "version not found" when it starts.',
    source: 'Linux Standard Base, Symbol Versioning; glibc elf/dl-version.c',
    remedy: 'Take program and library from one release.',
    examine: ofUsed(seeVersions),
  },
  {
    id: 'ELF-009',
    title: 'No program needs more than the processor that runners start',
    severity: 'error',
    why: 'Without KVM a runner’s machine is a Skylake-Client or a cortex-a57: a program compiled for more dies there of SIGILL.',
    source: 'System V ABI, AMD64 supplement, micro-architecture levels; boot contract, how a runner starts the machine',
    remedy: 'Tune the image for no more than x86-64-v3 or cortex-a57 (DEFAULTTUNE).',
    examine: ofUsed(seeProcessor),
  },
  {
    id: 'ELF-010',
    title: 'Programs that neither init nor the engine starts can be started',
    severity: 'warning',
    why: 'Nothing of the image fails for them, but whoever calls one is told "not found", "version not found" or "Exec format error".',
    source: 'execve(2); ld.so(8)',
    remedy: 'Install what the program needs, or leave it out.',
    examine: examineOthers,
  },
]
