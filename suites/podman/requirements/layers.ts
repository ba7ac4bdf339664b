import type { RequirementRow } from '../../../harness/model/requirement.ts'

const ociLayer = 'OCI image specification, "Image Layer Filesystem Changeset"'
const driver =
  'Use an unpatched containers-storage with the vfs driver on a file system that stores what the layer has.'

/** What layers may hold, and whether it arrives in the store unchanged. */
export const layerRequirements: readonly RequirementRow[] = [
  {
    id: 'LAY-001',
    title: 'Twenty layers are stacked in their order',
    severity: 'error',
    why: 'Real images have many layers; vfs copies the tree for each of them.',
    source: ociLayer,
    remedy: driver,
  },
  {
    id: 'LAY-002',
    title: 'A layer of 64 MiB arrives whole',
    severity: 'error',
    why: 'Layers of this size pass through /var/tmp; a small one fails in the middle.',
    source: ociLayer,
    remedy: 'Give /var/tmp (or image_copy_tmp_dir) and the graph root room for a layer and its copy.',
  },
  {
    id: 'LAY-003',
    title: 'Layers compressed by Zstandard are unpacked',
    severity: 'error',
    why: 'Registries serve zstd layers by now.',
    source: 'OCI image specification, "application/vnd.oci.image.layer.v1.tar+zstd"',
    remedy: 'Use a podman from version 2 on.',
  },
  {
    id: 'LAY-004',
    title: 'Uncompressed layers are unpacked',
    severity: 'error',
    why: 'Tools for small systems push them.',
    source: 'OCI image specification, "application/vnd.oci.image.layer.v1.tar"',
    remedy: driver,
  },
  {
    id: 'LAY-005',
    title: 'An empty layer between others does no harm',
    severity: 'error',
    why: 'Builders write one for instructions that change no file.',
    source: ociLayer,
    remedy: driver,
  },
  {
    id: 'LAY-006',
    title: 'Images of Docker’s schema 2 are pulled',
    severity: 'error',
    why: 'Most images of Docker Hub are still of this kind.',
    source: 'Docker registry, "Image Manifest Version 2, Schema 2"',
    remedy: driver,
  },
  {
    id: 'LAY-007',
    title: 'Whiteouts and opaque directories remove what is below',
    severity: 'error',
    why: 'A removed file that comes back may be a secret or a broken configuration.',
    source: 'OCI image specification, "Whiteouts"',
    remedy: driver,
  },
  {
    id: 'LAY-008',
    title: 'Hard and symbolic links are links in the store',
    severity: 'error',
    why: 'Package managers and busybox images are made of them.',
    source: ociLayer,
    remedy: driver,
  },
  {
    id: 'LAY-009',
    title: 'Modes, special bits, extended attributes and file capabilities are kept',
    severity: 'error',
    why: 'Without its capability or its setuid bit a program like ping fails for users.',
    source: `${ociLayer}, "File Attributes"`,
    remedy: 'Keep the graph root on a file system with extended attributes (tmpfs from kernel 6.6 on also has user.*).',
  },
  {
    id: 'LAY-010',
    title: 'Long, deep and unusual names are kept',
    severity: 'error',
    why: 'They need PAX records, and tools without them cut names silently.',
    source: 'pax(1), "pax Interchange Format"',
    remedy: driver,
  },
  {
    id: 'LAY-011',
    title: 'Owners beyond 65535 are kept',
    severity: 'error',
    why: 'User namespaces and directory services use such numbers.',
    source: ociLayer,
    remedy: driver,
  },
  {
    id: 'LAY-012',
    title: 'Two thousand small files arrive',
    severity: 'error',
    why: 'Images with an interpreter have many more; each costs an inode and a metadata write.',
    source: ociLayer,
    remedy: 'Give the graph root enough inodes.',
  },
]
