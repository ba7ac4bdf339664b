import type { ArchitectureName } from '../../model/architecture.ts'
import type { ProcessorFeature } from '../../model/processor-feature.ts'

/** Code is looked at in parts: what matters is how much of a program uses a feature, not how often it does. */
const partBytes = 4096

/** Fewer hits than this prove nothing: any bytes may be met by chance. */
const fewestHits = 4

type Look = (code: Buffer, at: number) => boolean

interface Instructions {
  feature: ProcessorFeature
  /**
   * Share of the parts of a program that have them where it needs them. A program that chooses at run time what to execute has them
   * in a few functions: those of x86-64-v3 are in 0 to 4 % of the parts of dynamic programs of Debian (crun, conmon, busybox,
   * skopeo, netavark), in 9 % of its libc.so.6, and in 23 % of a small static program; where all is compiled for x86-64-v3,
   * nearly everywhere. Those of x86-64-v4 are in none of these dynamic programs.
   */
  needingShare: number
  /** Bytes from one place where an instruction can begin to the next. */
  step: 1 | 4
  /** Whether an instruction of the feature begins here. Passes over what is too short to be told from others. */
  look: Look
  /** Instructions that stand for the same without the feature: a program with as many has both ways. */
  alternative?: Look
}

/** Longest of the instructions below. */
const longestBytes = 5

/** The most frequent first bytes of moves: 128 and 256 bits, `vvvv` unused (Intel SDM, volume 2, "VEX prefix"). */
const vexMove = new Set([0x10, 0x11, 0x28, 0x29, 0x6e, 0x6f, 0x7e, 0x7f, 0xd6, 0xef, 0x57])
const unusedRegister = new Set([0xf8, 0xf9, 0xfa, 0xfb, 0xfe, 0x78, 0x79, 0x7a, 0x7b, 0x7e])

function isVex(code: Buffer, at: number): boolean {
  const first = code[at]
  if (first !== 0xc4 && first !== 0xc5) return false
  const [second, third, opcode] = [code[at + 1] as number, code[at + 2] as number, code[at + 3] as number]
  if (first === 0xc4) return (third & 0x04) === 0 && isBitManipulation(second & 0x1f, third & 0x03, opcode)
  const isZeroUpper = second === 0xf8 && third === 0x77
  return isZeroUpper || (unusedRegister.has(second) && vexMove.has(third))
}

/** BMI: shlx, sarx, shrx and bextr; andn; bzhi, pext and pdep; mulx; rorx (Intel SDM, volume 2). */
const isBitManipulation = (map: number, prefix: number, opcode: number): boolean =>
  (map === 2 && (opcode === 0xf7 || opcode === 0xf5)) ||
  (map === 2 && opcode === 0xf2 && prefix === 0) ||
  (map === 2 && opcode === 0xf6 && prefix === 3) ||
  (map === 3 && opcode === 0xf0 && prefix === 3)

/** Moves and broadcasts with an EVEX prefix, without mask, of 128, 256 and 512 bits (Intel SDM, volume 2, "EVEX prefix"). */
const evexMove = new Set([0x10, 0x11, 0x28, 0x29, 0x6f, 0x7f, 0x7a, 0x7b, 0x7c])
const unmasked = new Set([0x08, 0x28, 0x48])

function isEvex(code: Buffer, at: number): boolean {
  if (code[at] !== 0x62) return false
  const map = (code[at + 1] as number) & 0x0f
  const isMove = evexMove.has(code[at + 4] as number) && unmasked.has(code[at + 3] as number)
  return isMove && map >= 1 && map <= 3 && ((code[at + 2] as number) & 0x7c) === 0x7c
}

const word = (code: Buffer, at: number): number => code.readUInt32LE(at)
const matches = (value: number, mask: number, wanted: number): boolean => (value & mask) >>> 0 === wanted

/** LDADD and its like, SWP, CAS, of 32 and 64 bits (Arm ARM, C4.1, "Atomic memory operations", "Compare and swap"). */
const isAtomic: Look = (code, at) =>
  matches(word(code, at), 0xbf200c00, 0xb8200000) || matches(word(code, at), 0xbfa07c00, 0x88a07c00)
/** LDXR and LDAXR, by which programs without LSE do the same (Arm ARM, C4.1, "Load/store exclusive register"). */
const isExclusiveLoad: Look = (code, at) => matches(word(code, at), 0x3fe07c00, 0x08407c00)
/** `ptrue` and `whilelo` with its like: each loop over vectors of SVE begins with one of them (Arm ARM, C8.2). */
const isPredicate: Look = (code, at) =>
  matches(word(code, at), 0xff3efc10, 0x2518e000) || matches(word(code, at), 0xff20e400, 0x25200400)

const sets: Record<ArchitectureName, readonly Instructions[]> = {
  x86_64: [
    { feature: 'x86-64-v3', needingShare: 0.3, step: 1, look: isVex },
    { feature: 'x86-64-v4', needingShare: 0.1, step: 1, look: isEvex },
  ],
  aarch64: [
    { feature: 'lse', needingShare: 0, step: 4, look: isAtomic, alternative: isExclusiveLoad },
    { feature: 'sve', needingShare: 0.05, step: 4, look: isPredicate },
  ],
}

/** Features that most of a dynamic program's code uses, and which it needs therefore. Says nothing of what is used seldom. */
export function featuresOfCode(arch: ArchitectureName, code: Buffer): ProcessorFeature[] {
  return sets[arch].filter((instructions) => isNeeded(instructions, code)).map(({ feature }) => feature)
}

function isNeeded({ step, look, alternative, needingShare }: Instructions, code: Buffer): boolean {
  const parts = new Set<number>()
  let hits = 0
  let alternatives = 0
  for (let at = 0; at + longestBytes <= code.length; at += step) {
    if (alternative?.(code, at)) alternatives++
    if (!look(code, at)) continue
    hits++
    parts.add(Math.floor(at / partBytes))
  }
  if (hits < fewestHits) return false
  return hits > 2 * alternatives && parts.size / Math.ceil(code.length / partBytes) >= needingShare
}
