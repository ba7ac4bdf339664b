import { podmanParameters as p, podman } from '../../../harness/contract/engines.ts'
import { exitCodeMarker, markers as m } from '../../../harness/contract/markers.ts'
import type { RequirementRow } from '../../../harness/model/requirement.ts'

const source = 'contract, "Stores that travel"'

/** The export of podman's store and its way through a build host. */
export const exportRequirements: readonly RequirementRow[] = [
  {
    id: 'EXP-001',
    title: `${p.output}=storage leaves storage.tar on the 9p share`,
    severity: 'error',
    why: 'This is how a build takes a filled store into the image it makes.',
    source,
    remedy: `With ${p['9p']}=1, write storage.tar to /mnt/share, sync, and print ${m.storageShared}.`,
  },
  {
    id: 'EXP-002',
    title: 'Paths in the storage archive start with ./ inside the store',
    severity: 'error',
    why: 'The runner strips one component of each name when it unpacks the archive: of vfs-images/… nothing but the file names is left, and podman finds an empty store.',
    source: `${source}: packed from inside the store as “.”`,
    remedy: `Change into the store and pack “.”: tar -cf … -C ${podman.store} .`,
  },
  {
    id: 'EXP-003',
    title: `${p.output}=storage comes back by the console where there is no share`,
    severity: 'error',
    why: 'Not every host can share a folder.',
    source,
    remedy: `Without ${p['9p']}=1, print the base64 of the archive between ${m.storageStart} and ${m.storageEnd}.`,
  },
  {
    id: 'EXP-004',
    title: 'The exit code comes back beside the storage too',
    severity: 'error',
    why: 'A store that a failing command left half-filled looks like any other.',
    source: `${source}: exit code`,
    remedy: `Print ${exitCodeMarker('N')} after the end of the archive, with the code of the command.`,
  },
  {
    id: 'EXP-005',
    title: 'The store unpacked under fakeroot equals the guest’s, file by file',
    severity: 'error',
    why: 'Build hosts unpack it without being root; what fakeroot cannot make is missing in the product.',
    source: `${source}, unpacked under a fake root`,
    remedy: 'Use the vfs driver: overlay needs special files and attributes that a fake root does not keep.',
  },
  {
    id: 'EXP-006',
    title: 'The store unpacked under pseudo equals the guest’s, file by file',
    severity: 'error',
    why: 'pseudo is the fake root of bitbake, where these archives are used.',
    source: `${source}, unpacked under a fake root`,
    remedy: 'Use the vfs driver: overlay needs special files and attributes that a fake root does not keep.',
  },
  {
    id: 'EXP-007',
    title: 'A store that a build host made a state disk of works in a fresh guest',
    severity: 'error',
    why: 'A store that cannot be used where it is shipped to was exported for nothing.',
    source,
    remedy: 'Export the whole of /var/lib/containers/storage, its databases and lock files too.',
  },
  {
    id: 'EXP-008',
    title: 'A store that has travelled is exported again',
    severity: 'error',
    why: 'Layers of a product are added one build after the other: each takes the store of the one before.',
    source: `${source}: used there, and exported again`,
    remedy: `Export what is mounted at ${podman.store}, whatever it came from.`,
  },
  {
    id: 'EXP-009',
    title: 'A store that does not fit is answered by an error, never by an archive that was cut',
    severity: 'error',
    why: 'The product is built from the archive: one that was cut and reported as done ships without its last layers.',
    source: `${source}: a cut archive must never be reported as done`,
    remedy: `Check the status of tar and of each copy of its output, and print ${m.error} where one failed; pack straight onto the share, not into memory.`,
  },
]
