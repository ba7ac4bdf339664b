import type { Requirement } from '../../../harness/requirement/requirement.ts'

const source = 'boot contract, "Answers on the console": storage'

/** The export of podman's store and its way through a build host. */
export const exportRequirements: readonly Requirement[] = [
  {
    id: 'EXP-001',
    suite: 'boot',
    title: 'podman_output=storage leaves storage.tar on the 9p share',
    severity: 'error',
    why: 'This is how a build takes a filled store into the image it makes.',
    source,
    remedy: 'With podman_9p=1, write storage.tar to /mnt/share, sync, and print ===9P_STORAGE_DONE===.',
  },
  {
    id: 'EXP-002',
    suite: 'boot',
    title: 'Paths in the storage archive start inside the store',
    severity: 'error',
    why: 'It is unpacked in /var/lib/containers/storage: with other paths podman finds an empty store.',
    source: `${source}, paths start at vfs-images/…`,
    remedy: 'Change into /var/lib/containers/storage before packing, and store with the vfs driver.',
  },
  {
    id: 'EXP-003',
    suite: 'boot',
    title: 'podman_output=storage comes back by the console where there is no share',
    severity: 'error',
    why: 'Not every host can share a folder.',
    source,
    remedy: 'Without podman_9p=1, print the base64 of the archive between ===STORAGE_START=== and ===STORAGE_END===.',
  },
  {
    id: 'EXP-004',
    suite: 'boot',
    title: 'The exit code comes back beside the storage too',
    severity: 'error',
    why: 'A store that a failing command left half-filled looks like any other.',
    source: `${source}, exit code`,
    remedy: 'Print ===EXIT_CODE=N=== after the end of the archive, with the code of the command.',
  },
  {
    id: 'EXP-005',
    suite: 'boot',
    title: 'The store unpacked under fakeroot equals the guest’s, file by file',
    severity: 'error',
    why: 'Build hosts unpack it without being root; what fakeroot cannot make is missing in the product.',
    source: `${source}, unpacked under a fake root`,
    remedy: 'Use the vfs driver: overlay needs special files and attributes that a fake root does not keep.',
  },
  {
    id: 'EXP-006',
    suite: 'boot',
    title: 'The store unpacked under pseudo equals the guest’s, file by file',
    severity: 'error',
    why: 'pseudo is the fake root of bitbake, where these archives are used.',
    source: `${source}, unpacked under a fake root`,
    remedy: 'Use the vfs driver: overlay needs special files and attributes that a fake root does not keep.',
  },
  {
    id: 'EXP-007',
    suite: 'boot',
    title: 'A store packed again on a build host works in a fresh guest',
    severity: 'error',
    why: 'A store that cannot be used where it is shipped to was exported for nothing.',
    source,
    remedy: 'Export the whole of /var/lib/containers/storage, its databases and lock files too.',
  },
]
