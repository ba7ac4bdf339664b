import type { ArchitectureName } from '../model/architecture.ts'
import { staticProgram } from './static-program.ts'

/**
 * A static program that gives the kernel new randomness at once. Writing to /dev/urandom alone is not enough: the
 * kernel mixes it in but goes on with the old key for up to a minute, so that two forks of one template would draw the
 * same "random" bytes. The program reads a `struct rand_pool_info` from its standard input, passes it to
 * RNDADDENTROPY, then asks for a new key by RNDRESEEDCRNG (random(4)); its exit code is 0 if both succeeded.
 */
export function reseedProgram(architecture: ArchitectureName): Buffer {
  return staticProgram(architecture, Buffer.from(programs[architecture].join(''), 'hex'))
}

/** What the program reads: entropy in bits, size in bytes, then the bytes (`struct rand_pool_info`, linux/random.h). */
export function entropyInput(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.writeInt32LE(bytes.length * 8, 0)
  head.writeInt32LE(bytes.length, 4)
  return Buffer.concat([head, bytes])
}

const path = Buffer.from('/dev/urandom\0').toString('hex')

/** Machine code, a system call a line: read, open, ioctl RNDADDENTROPY, ioctl RNDRESEEDCRNG, exit. */
const programs = {
  x86_64: [
    '4881ec00040000', // sub rsp, 1024
    '31c031ff4889e6ba000400000f05', // read(0, rsp, 1024)
    '488d3d3a000000be02000000b8020000000f0589c3', // ebx = open(path, O_RDWR)
    '89c7be035208404889e2b8100000000f0589c5', // ebp = ioctl(ebx, 0x40085203, rsp)
    '89dfbe07520000b8100000000f05', // ioctl(ebx, 0x5207)
    '09e889c7b83c0000000f05', // exit(either error)
    path,
  ],
  aarch64: [
    'ff0310d1', // sub sp, sp, 1024
    '000080d2e1030091028080d2e80780d2010000d4', // read(0, sp, 1024)
    '600c809241020010420080d2080780d2010000d4f30300aa', // x19 = openat(AT_FDCWD, path, O_RDWR)
    '61408a520101a872e2030091a80380d2010000d4f40300aa', // x20 = ioctl(x19, 0x40085203, sp)
    'e00313aae1408a52a80380d2010000d4', // ioctl(x19, 0x5207)
    '000014aaa80b80d2010000d4', // exit(either error)
    path,
  ],
} as const satisfies Record<ArchitectureName, readonly string[]>
