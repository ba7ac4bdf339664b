/** `NT_GNU_PROPERTY_TYPE_0`, and in it `GNU_PROPERTY_X86_ISA_1_NEEDED` (System V ABI, AMD64 supplement, "Program Property"). */
const noteType = 5
const isaNeeded = 0xc0008002
const noteHeadBytes = 12
const propertyHeadBytes = 8
/** One bit for each level: baseline, v2, v3, v4. */
const levels = [4, 3, 2, 1] as const

/**
 * The highest level of x86-64 that a segment of GNU properties asks for. The loader refuses what asks for more than the processor
 * has (glibc, sysdeps/x86/dl-prop.h). Linkers write it only where they are told to (gcc -mneeded, ld -z x86-64-v3).
 */
export function neededLevel(bytes: Buffer): number | undefined {
  if (bytes.length < noteHeadBytes) return undefined
  const [nameBytes, descriptionBytes, type] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8)]
  const start = noteHeadBytes + aligned(nameBytes, 4)
  if (type !== noteType || bytes.toString('latin1', noteHeadBytes, noteHeadBytes + 4) !== 'GNU\0') return undefined
  const needed = propertyValue(bytes.subarray(start, start + descriptionBytes), isaNeeded)
  return needed === undefined ? undefined : levels.find((level) => (needed & (1 << (level - 1))) !== 0)
}

function propertyValue(properties: Buffer, wanted: number): number | undefined {
  for (let at = 0; at + propertyHeadBytes + 4 <= properties.length; ) {
    const [type, sizeBytes] = [properties.readUInt32LE(at), properties.readUInt32LE(at + 4)]
    if (type === wanted) return properties.readUInt32LE(at + propertyHeadBytes)
    at += propertyHeadBytes + aligned(sizeBytes, 8)
  }
  return undefined
}

const aligned = (sizeBytes: number, multiple: number): number => Math.ceil(sizeBytes / multiple) * multiple
