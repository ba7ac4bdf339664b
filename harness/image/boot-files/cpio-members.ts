/** A file or folder of an archive; the contents lie in the archive itself. */
export interface CpioMember {
  name: string
  contents: Buffer
}

/** Fields of 8 hexadecimal digits behind the magic (cpio(5), "New ASCII Format"). */
const headerBytes = 110
const field = (archive: Buffer, at: number, index: number): number =>
  Number.parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16)
const aligned = (at: number): number => Math.ceil(at / 4) * 4

/**
 * The members of "newc" archives that stand one behind the other, as the kernel unpacks them (Linux,
 * driver-api/early-userspace/buffer-format.rst). Undefined where something else follows, or one was cut.
 */
export function cpioMembers(archive: Buffer): CpioMember[] | undefined {
  const members: CpioMember[] = []
  for (let at = 0; at < archive.length; ) {
    if (archive[at] === 0) {
      at++
      continue
    }
    if (!/^07070[12]$/.test(archive.toString('latin1', at, at + 6))) return undefined
    const nameBytes = field(archive, at, 11)
    const start = aligned(at + headerBytes + nameBytes)
    const end = start + field(archive, at, 6)
    // Sizes that are no numbers, or lead out of the archive, are those of one that was cut.
    if (!(end <= archive.length)) return undefined
    const name = archive.toString('utf8', at + headerBytes, at + headerBytes + nameBytes - 1)
    members.push({ name, contents: archive.subarray(start, end) })
    at = aligned(end)
  }
  return members
}
