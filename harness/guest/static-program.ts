import { elfMagic } from '../image/file-magic.ts'
import { type ArchitectureName, architectures } from '../model/architecture.ts'

const headerBytes = 64 + 56
const loadAddress = 0x400000n
/** Where in memory its text lies. */
export const textAddress = loadAddress + BigInt(headerBytes)

/** A static program of machine code, its entry first, with what the code reads behind it: one segment, read and executed. */
export function staticProgram(architecture: ArchitectureName, text: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.write(elfMagic, 'latin1')
  header.set([2, 1, 1], 4) // 64 bit, little endian, version 1
  header.writeUInt16LE(2, 16) // executable
  header.writeUInt16LE(architectures[architecture].elfMachine, 18)
  header.writeUInt32LE(1, 20)
  header.writeBigUInt64LE(textAddress, 24) // entry
  header.writeBigUInt64LE(64n, 32) // program header's offset
  header.writeUInt16LE(64, 52)
  header.writeUInt16LE(56, 54)
  header.writeUInt16LE(1, 56)
  const segment = header.subarray(64)
  segment.writeUInt32LE(1, 0) // PT_LOAD
  segment.writeUInt32LE(5, 4) // readable, executable
  segment.writeBigUInt64LE(loadAddress, 16)
  segment.writeBigUInt64LE(loadAddress, 24)
  segment.writeBigUInt64LE(BigInt(headerBytes + text.length), 32)
  segment.writeBigUInt64LE(BigInt(headerBytes + text.length), 40)
  segment.writeBigUInt64LE(0x10000n, 48)
  return Buffer.concat([header, text])
}
