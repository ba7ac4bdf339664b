import { isElf } from '../../image/file-magic.ts'
import { readable } from '../../image/readable.ts'
import { openSquashfs } from '../../image/squashfs/squashfs.ts'
import { type Entry, pathOf } from '../../image/squashfs/tree.ts'
import { type ArchitectureName, architectures } from '../../model/architecture.ts'
import type { ProcessorFeature } from '../../model/processor-feature.ts'
import { FileTree } from '../file-tree.ts'
import { type Elf, parseElf, type ReadAt } from '../programs/elf.ts'
import { findSection } from '../programs/elf-section.ts'
import { featuresOfCode } from './instruction-scan.ts'

/** A feature of the processor that a program of the image needs, and how that is known. */
export interface ProcessorNeed {
  feature: ProcessorFeature
  path: string
  /** Continues "It needs …, ". */
  evidence: string
}

/**
 * Programs that every boot runs and that are compiled as the image's compiler does by default. Go's are not: the level of theirs is
 * set apart (GOAMD64), and they choose at run time.
 */
const mainPrograms = ['/bin/sh', '/bin/busybox', '/bin/mount', '/usr/bin/conmon', '/usr/bin/crun'] as const
/** crun, the largest of them, has 0.5 MiB of code. */
const maxCodeBytes = 4 * 1024 * 1024

/** What the image's main programs need of a processor beyond the baseline. None where nothing can be told. */
export function processorNeeds(files: FileTree, arch: ArchitectureName): ProcessorNeed[] {
  const entries = new Set(mainPrograms.flatMap((path) => files.findFile(path) ?? []))
  return [...entries].flatMap((entry) => needsOf(files, entry, arch))
}

/** The same of an image that is not open: features alone, each once. Throws CallFault for metadata that does not decode. */
export function readProcessorFeatures(image: string, arch: ArchitectureName): ProcessorFeature[] {
  return readable({ path: image }, () => {
    const squashfs = openSquashfs(image)
    try {
      const needs = processorNeeds(new FileTree(squashfs.tree, squashfs.content), arch)
      return [...new Set(needs.map(({ feature }) => feature))]
    } finally {
      squashfs.close()
    }
  })
}

function needsOf(files: FileTree, entry: Entry, arch: ArchitectureName): ProcessorNeed[] {
  const readAt: ReadAt = (offset, lengthBytes) => files.readIfWhole(entry, offset, lengthBytes) ?? Buffer.alloc(0)
  const elf = programOf(readAt, entry, arch)
  if (elf === undefined) return []
  const need = (feature: ProcessorFeature, evidence: string): ProcessorNeed => ({
    feature,
    path: pathOf(entry),
    evidence,
  })
  const noted = levelFeature(elf)
  const byNote = noted === undefined ? [] : [need(noted, 'by its own note')]
  // What a static program chooses at run time is in its own code, so that its code tells nothing.
  if (elf.interpreter === undefined || findSection(readAt, '.note.go.buildid') !== undefined) return byNote
  const text = findSection(readAt, '.text')
  if (text === undefined) return byNote
  const code = readAt(text.offset, Math.min(text.sizeBytes, maxCodeBytes))
  const byCode = featuresOfCode(arch, code).map((feature) => need(feature, 'by the instructions in most of its code'))
  return [...byNote, ...byCode.filter(({ feature }) => feature !== noted)]
}

/** The level that a note asks for; none is the baseline. */
export const levelFeature = ({ neededLevel }: Elf): ProcessorFeature | undefined => levels[neededLevel ?? 1]
const levels: Partial<Record<number, ProcessorFeature>> = { 2: 'x86-64-v2', 3: 'x86-64-v3', 4: 'x86-64-v4' }

/** A program of the image's architecture; a damaged or a foreign one is the concern of other checks. */
function programOf(readAt: ReadAt, { inode: { sizeBytes } }: Entry, arch: ArchitectureName): Elf | undefined {
  if (!isElf(readAt(0, 4))) return undefined
  try {
    const elf = parseElf(readAt, sizeBytes)
    return elf.machine === architectures[arch].elfMachine ? elf : undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
