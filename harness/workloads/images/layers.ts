import { createCipheriv } from 'node:crypto'
import { architectures } from '../../model/architecture.ts'
import { withParents } from '../tar-layer.ts'
import type { Compression, Ingredients, LayerRecipe, TarEntry, Workload } from '../workload.ts'
import { busyboxRoot } from './busybox-root.ts'

/** The shape and pull of layers: number, size, compression, content that unpackers get wrong. */

/** Bytes that no compressor makes smaller, the same in every run: the AES-CTR key stream of a fixed key. */
function incompressible(sizeBytes: number): Buffer {
  return createCipheriv('aes-128-ctr', 'vpdmn-conformity', Buffer.alloc(16)).update(Buffer.alloc(sizeBytes))
}

const file = (path: string, content: string | Uint8Array, rest: Partial<TarEntry> = {}): TarEntry =>
  ({ type: 'file', path, content, ...rest }) as TarEntry
const directory = (path: string, rest: Partial<TarEntry> = {}): TarEntry =>
  ({ type: 'directory', path, ...rest }) as TarEntry

type Layers = readonly (readonly TarEntry[])[]

/** An image of the busybox root and layers above it, which runs a shell. Large ones are made when they are packed. */
function above(
  name: string,
  purpose: string,
  layers: Layers | (() => Layers),
  compression: Compression = 'gzip',
): Workload {
  return {
    name,
    purpose,
    references: [`vpdmn/${name}:latest`],
    settings: { Cmd: ['/bin/sh'], Env: ['PATH=/bin'] },
    layers: (ingredients: Ingredients): LayerRecipe[] => {
      const upper = typeof layers === 'function' ? layers() : layers
      return [busyboxRoot(ingredients), ...upper.map(withParents)].map((entries) => ({ entries, compression }))
    },
  }
}

const twenty = Array.from({ length: 19 }, (_unused, index) => String(index + 2).padStart(2, '0'))

/** A marker of the OCI layer format: the name behind it was removed, or the directory starts empty ("Whiteouts"). */
const whiteout = (path: string): TarEntry => file(path.replace(/[^/]+$/, '.wh.$&'), '')
const opaque = (path: string): TarEntry => file(`${path}/.wh..wh..opq`, '')

const longComponent = 'n'.repeat(255)
const deepPath = Array.from({ length: 12 }, () => 'directory-with-a-long-name-of-40-letters').join('/')

/**
 * `cap_net_raw` in the permitted and effective set: `struct vfs_cap_data` of revision 2, little endian
 * (linux/capability.h). Every byte is below 0x80, so that it is its own UTF-8.
 */
const netRawCapability = Buffer.from([1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).toString('latin1')

export const layerWorkloads: readonly Workload[] = [
  above(
    'twenty-layers',
    'Twenty layers; each adds a file of its own and overwrites one of all.',
    twenty.map((number) => [file(`layers/${number}`, `${number}\n`), file('layers/last', `${number}\n`)]),
  ),
  above('medium-layer', 'One layer of 8 MiB: long enough to be interrupted and resumed.', () => [
    [file('data/medium', incompressible(8 * 1024 ** 2))],
  ]),
  above('large-layer', 'One layer of 64 MiB: what a pull costs per byte.', () => [
    [file('data/large', incompressible(64 * 1024 ** 2))],
  ]),
  above('zstd', 'Layers compressed by Zstandard.', [[file('zstd', 'unpacked\n')]], 'zstd'),
  above('uncompressed', 'Layers that are plain archives.', [[file('uncompressed', 'unpacked\n')]], 'none'),
  above('empty-layer', 'A layer without a single entry between two others.', [
    [file('below', 'below\n')],
    [],
    [file('above', 'above\n')],
  ]),
  above('many-files', 'Two thousand small files: what a pull costs per file.', [
    Array.from({ length: 2000 }, (_unused, index) => file(`many/${index % 50}/${index}`, `${index}\n`)),
  ]),
  above('whiteouts', 'Removed files, a removed tree, a directory that starts empty again, one removed and made anew.', [
    [
      file('whiteout/removed', 'must be gone\n'),
      file('whiteout/kept', 'kept\n'),
      file('whiteout/tree/deep/removed', 'must be gone\n'),
      file('whiteout/opaque/hidden', 'must be gone\n'),
      file('whiteout/remade/old', 'must be gone\n'),
      file('whiteout/becomes-directory', 'must be gone\n'),
    ],
    [
      whiteout('whiteout/removed'),
      whiteout('whiteout/tree'),
      opaque('whiteout/opaque'),
      file('whiteout/opaque/shown', 'shown\n'),
      whiteout('whiteout/remade'),
      whiteout('whiteout/becomes-directory'),
    ],
    [file('whiteout/remade/new', 'new\n'), file('whiteout/becomes-directory/inside', 'inside\n')],
  ]),
  above('hard-links', 'Hard links within a layer and to a file of the layer below.', [
    [file('links/first', 'linked\n'), { type: 'hardlink', path: 'links/second', target: 'links/first' }],
    [
      // A layer names only what it changes; containers/storage links to what is below.
      { type: 'hardlink', path: 'links/third', target: 'links/first' },
      { type: 'symlink', path: 'links/relative', target: 'first' },
      { type: 'symlink', path: 'links/absolute', target: '/links/first' },
      { type: 'symlink', path: 'links/dangling', target: '/nowhere' },
    ],
  ]),
  above('attributes', 'Extended attributes, a file capability, every special mode bit, a FIFO.', [
    [
      file('attributes/user', 'with an attribute\n', { xattrs: { 'user.vpdmn': 'value' } }),
      file('attributes/capable', '#!/bin/sh\n', { mode: 0o755, xattrs: { 'security.capability': netRawCapability } }),
      file('attributes/setuid', '', { mode: 0o4755 }),
      file('attributes/setgid', '', { mode: 0o2755 }),
      file('attributes/unreadable', '', { mode: 0o100 }),
      directory('attributes/sticky', { mode: 0o1777 }),
      { type: 'fifo', path: 'attributes/fifo', mode: 0o600 },
    ],
  ]),
  above(
    'long-names',
    'Names beyond the 100 and 255 bytes of old archives, other scripts, blanks, dashes, a new line.',
    [
      [
        file(`names/${longComponent}`, 'long\n'),
        file(`names/${deepPath}/end`, 'deep\n'),
        { type: 'symlink', path: 'names/long-target', target: `/names/${deepPath}/end` },
        file('names/übergrößenträger-文件-📦', 'unicode\n'),
        file('names/with blank', 'blank\n'),
        file('names/-rf', 'dash\n'),
        file('names/new\nline', 'new line\n'),
      ],
    ],
  ),
  above('large-ids', 'Owners beyond 65535, as a user namespace or a directory service has them.', [
    [
      file('ids/65536', '', { uid: 65_536, gid: 65_536 }),
      file('ids/100000', '', { uid: 100_000, gid: 100_001 }),
      // Beyond what a header field of seven octal digits holds.
      file('ids/2097152', '', { uid: 2_097_152, gid: 2_097_152 }),
    ],
  ]),
  {
    ...above('docker-schema-2', "Docker's own manifest list and manifests.", [[file('docker', 'v2\n')]]),
    format: 'docker',
  },
  ...Object.values(architectures).map(({ name, oci }) => ({
    ...above(`${oci}-only`, `An index that offers ${name} alone.`, []),
    architectures: [name],
  })),
]
