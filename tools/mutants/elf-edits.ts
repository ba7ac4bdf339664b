import { type TinyElf, tinyElf } from '../../fixtures/static/tiny-elf.ts'
import { isElf } from '../../harness/image/file-magic.ts'
import type { ImageTree } from '../../harness/image/variant/image-tree.ts'
import { readerOf } from '../../harness/inspect/programs/elf.ts'
import { findSection } from '../../harness/inspect/programs/elf-section.ts'
import { type ArchitectureName, otherArchitecture } from '../../harness/model/architecture.ts'

const machineOffset = 18
const programHeadersOffset = 32
const programHeaderCountOffset = 56
const programHeaderBytes = 56
const stackSegment = 0x6474e551
const interpreterSegment = 3
const executableFlag = 1

/** A machine of ELF that this image is not for. */
export const otherMachine = (tree: ImageTree): number => otherArchitecture(tree.arch).elfMachine

export const setMachine =
  (machine: number) =>
  (bytes: Buffer): void =>
    void bytes.writeUInt16LE(machine, machineOffset)

/** Offsets of the program headers of one type in a 64-bit program. */
function programHeaders(bytes: Buffer, type: number): number[] {
  const start = Number(bytes.readBigUInt64LE(programHeadersOffset))
  const count = bytes.readUInt16LE(programHeaderCountOffset)
  return Array.from({ length: count }, (_, index) => start + index * programHeaderBytes).filter(
    (header) => bytes.readUInt32LE(header) === type,
  )
}

/** Marks the stack of a 64-bit program as executable. */
export function makeStackExecutable(bytes: Buffer): void {
  for (const header of programHeaders(bytes, stackSegment))
    bytes.writeUInt32LE(bytes.readUInt32LE(header + 4) | executableFlag, header + 4)
}

/** Makes a program name another loader, which must be no longer than the one it names; leaves alone what names none. */
export function setInterpreter(tree: ImageTree, path: string, interpreter: string): void {
  const bytes = tree.bytes(path)
  if (!isElf(bytes)) return
  for (const header of programHeaders(bytes, interpreterSegment))
    tree.patch(path, (patched) => writeInterpreter(patched, header, interpreter))
}

function writeInterpreter(bytes: Buffer, header: number, interpreter: string): void {
  const [offset, sizeBytes] = [8, 32].map((field) => Number(bytes.readBigUInt64LE(header + field))) as [number, number]
  if (interpreter.length >= sizeBytes) throw new Error(`${interpreter} is longer than what the program names.`)
  bytes.fill(0, offset, offset + sizeBytes)
  bytes.write(interpreter, offset, 'latin1')
}

/** Replaces every occurrence of a text by one of the same length. */
export const replaceText =
  (from: string, to: string) =>
  (bytes: Buffer): void => {
    if (from.length !== to.length) throw new Error(`${from} and ${to} differ in length.`)
    for (let at = bytes.indexOf(from, 0, 'latin1'); at >= 0; at = bytes.indexOf(from, at + 1, 'latin1'))
      bytes.write(to, at, 'latin1')
  }

/** A move with an EVEX prefix, which is of AVX-512, and `ptrue`, which is of SVE, each as long as the step by which it is written. */
const newerInstructions: Record<ArchitectureName, string> = { x86_64: '62f17e286f079090', aarch64: '20e01825' }
const everyBytes = 1024

/** Writes an instruction of a newer processor into each KiB of a program's code. */
export const useNewerInstructions =
  (arch: ArchitectureName) =>
  (bytes: Buffer): void => {
    const code = findSection(readerOf(bytes), '.text')
    if (!code) throw new Error('The program has no section .text.')
    const instruction = Buffer.from(newerInstructions[arch], 'hex')
    for (let at = code.offset; at + instruction.length <= code.offset + code.sizeBytes; at += everyBytes)
      instruction.copy(bytes, at)
  }

export const loaderOf = (tree: ImageTree): string => tree.architecture.loader

/** A small program that would start in this image but for what `elf` says. */
export function addProgram(tree: ImageTree, path: string, elf: TinyElf): void {
  const usual: TinyElf = {
    machine: tree.architecture.elfMachine,
    interpreter: loaderOf(tree),
    needed: ['libc.so.6'],
  }
  tree.write(path, tinyElf({ ...usual, ...elf }), 0o755)
}
