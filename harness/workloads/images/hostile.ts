import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { digestOf, packLayer } from '../pack-layer.ts'
import { tarLayer } from '../tar-layer.ts'
import type { Ingredients, LayerRecipe, PackedLayer, TarEntry, Workload } from '../workload.ts'
import { busyboxRoot } from './busybox-root.ts'

/**
 * Images that an attacker could publish: every digest is right, and still they must be refused, or must not reach
 * outside their root. Tried with containers/image and containers/storage of podman 4.2 and 5.4 (skopeo 1.9 and 1.18), driver vfs.
 */

function hostile(
  name: string,
  purpose: string,
  outcome: NonNullable<Workload['hostile']>,
  last: (ingredients: Ingredients) => LayerRecipe,
): Workload {
  return {
    name: `hostile-${name}`,
    purpose,
    references: [`hostile/${name}:latest`],
    settings: { Cmd: ['/bin/sh'], Env: ['PATH=/bin'] },
    layers: (ingredients) => [{ entries: busyboxRoot(ingredients) }, last(ingredients)],
    hostile: outcome,
  }
}

const entries =
  (...list: readonly TarEntry[]) =>
  () => ({ entries: list })
const packed = (pack: () => Promise<PackedLayer>) => () => ({ packed: pack })

/** Where escaping layers try to write: a name that nothing else uses, in a folder that every root has. */
export const escapedPath = 'tmp/vpdmn-escaped'
const upwards = '../'.repeat(16)
const escaped = (path: string): TarEntry => ({ type: 'file', path, content: 'escaped\n' })

async function truncatedLayer(): Promise<PackedLayer> {
  const whole = await packLayer({ entries: [{ type: 'file', path: 'truncated', content: 'cut off\n'.repeat(20_000) }] })
  return { ...whole, blob: whole.blob.subarray(0, Math.floor(whole.blob.length / 2)) }
}

/**
 * 256 MiB of zeros in 256 KiB, as many gzip members in a row (RFC 1952, 2.2): more than a store that a test makes small
 * for it. podman unpacks a layer twice, first for its digest alone; 4 GiB took over five minutes under emulation.
 */
const bombSizeBytes = 256 * 1024 ** 2
const memberSizeBytes = 64 * 1024 ** 2

async function gzipBomb(): Promise<PackedLayer> {
  const member = Buffer.alloc(memberSizeBytes)
  const compressedMember = gzipSync(member, { level: 9 })
  const header = (await tarLayer([{ type: 'file', path: 'bomb', content: '' }])).subarray(0, 512)
  const head = withSize(header, bombSizeBytes)
  const tail = Buffer.alloc(1024)
  const memberCount = bombSizeBytes / memberSizeBytes
  const hash = createHash('sha256').update(head)
  for (let count = 0; count < memberCount; count++) hash.update(member)
  return {
    compression: 'gzip',
    blob: Buffer.concat([gzipSync(head), ...Array<Buffer>(memberCount).fill(compressedMember), gzipSync(tail)]),
    diffId: `sha256:${hash.update(tail).digest('hex')}`,
  }
}

/** A ustar header with another size; the sum over its bytes counts its own field as blanks (pax(1), "ustar"). */
function withSize(header: Buffer, sizeBytes: number): Buffer {
  const changed = Buffer.from(header)
  changed.write(`${sizeBytes.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  changed.write(' '.repeat(8), 148, 'latin1')
  const sum = changed.reduce((total, byte) => total + byte, 0)
  changed.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return changed
}

const noArchive = Buffer.from('no archive\n'.repeat(1000))

export const hostileWorkloads: readonly Workload[] = [
  hostile('truncated-layer', 'A layer whose compressed stream ends in the middle.', 'refused', packed(truncatedLayer)),
  hostile('gzip-bomb', 'A layer of 256 KiB that unpacks to more than the store holds.', 'refused', packed(gzipBomb)),
  hostile(
    'no-archive',
    'A layer that is no archive at all.',
    'refused',
    packed(async () => ({ compression: 'gzip', blob: gzipSync(noArchive), diffId: digestOf(noArchive) })),
  ),
  hostile(
    'wrong-diff-id',
    // Compared since containers/image 5.30.1, the remedy of CVE-2024-3727 (podman 5.0.3); not by the 5.23 of podman 4.3.
    'A layer that is not the one the configuration names.',
    'refused',
    packed(async () => ({
      ...(await packLayer({ entries: [{ type: 'file', path: 'harmless', content: 'harmless\n' }] })),
      diffId: `sha256:${'0'.repeat(64)}`,
    })),
  ),
  hostile(
    'path-traversal',
    'A file whose name climbs out of the root.',
    'contained',
    entries(escaped(`${upwards}${escapedPath}`)),
  ),
  hostile(
    'absolute-path',
    'A file with an absolute name: belongs into the root.',
    'contained',
    entries(escaped(`/${escapedPath}`)),
  ),
  hostile(
    'symlink-escape',
    'A file behind a symbolic link that leads out of the root.',
    'contained',
    entries({ type: 'symlink', path: 'way-out', target: `${upwards}tmp` }, escaped('way-out/vpdmn-escaped')),
  ),
  hostile(
    'hardlink-escape',
    "A hard link to a file outside the root: must lead to the image's own file of that name.",
    'contained',
    entries({ type: 'hardlink', path: 'stolen', target: `${upwards}etc/passwd` }),
  ),
]
