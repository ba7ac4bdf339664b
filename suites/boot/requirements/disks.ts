import { podmanParameters as p } from '../../../harness/contract/engines.ts'
import { inputPlaceholder } from '../../../harness/contract/markers.ts'
import type { RequirementRow } from '../../../harness/model/requirement.ts'

const inputSource = 'contract, "Disks, shares and network": input'
const stateSource = 'contract, "Disks, shares and network": state'

/** Input and state disks. */
export const diskRequirements: readonly RequirementRow[] = [
  {
    id: 'INP-001',
    title: `${p.input}=dir mounts the input disk at /mnt/input`,
    severity: 'error',
    why: 'The command finds its files there.',
    source: inputSource,
    remedy: `Mount /dev/vdb (ext4) at /mnt/input where ${p.input} is not none.`,
  },
  {
    id: 'INP-002',
    title: `${p.input}=oci makes ${inputPlaceholder} an OCI layout that comes into the store`,
    severity: 'error',
    why: `Builds hand over their images this way: skopeo copies oci:${inputPlaceholder} into the engine’s store.`,
    source: inputSource,
    remedy: `Replace every ${inputPlaceholder} in the command by /mnt/input for ${p.input}=oci.`,
  },
  {
    id: 'INP-003',
    title: `${p.input}=tar makes ${inputPlaceholder} the .tar file on the disk`,
    severity: 'error',
    why: `podman load -i ${inputPlaceholder} needs the file, whose name the runner does not know.`,
    source: inputSource,
    remedy: `Replace ${inputPlaceholder} by the path of the first .tar or .tar.gz below /mnt/input for ${p.input}=tar.`,
  },
  {
    id: 'INP-004',
    title: `${p.input}=tar takes a .tar.gz too`,
    severity: 'error',
    why: `Archives are shipped packed; ${inputPlaceholder} would be the folder, and podman load fails.`,
    source: inputSource,
    remedy: 'Look for *.tar.gz beside *.tar.',
  },
  {
    id: 'INP-005',
    title: `Without ${p.input} no disk is mounted at /mnt/input`,
    severity: 'error',
    why: 'The second disk is then the state disk; mounted twice it is damaged.',
    source: `${inputSource}, none is the default`,
    remedy: `Mount an input disk only where ${p.input} asks for one.`,
  },
  {
    id: 'STA-001',
    title: `Without ${p.state} the storage is a tmpfs`,
    severity: 'error',
    why: 'On the overlay, unpacked images would fill its 1 GiB; on a disk they would outlive a run that should leave nothing.',
    source: `${stateSource}, none is the default`,
    remedy: `Mount a tmpfs at /var/lib/containers/storage where ${p.state} is not disk.`,
  },
  {
    id: 'STA-002',
    title: `${p.state}=disk makes the second disk the storage`,
    severity: 'error',
    why: 'Without it a runner’s images are lost with each machine.',
    source: stateSource,
    remedy: 'Mount /dev/vdb (ext4) at /var/lib/containers/storage where there is no input disk.',
  },
  {
    id: 'STA-003',
    title: 'With an input disk the third disk is the storage',
    severity: 'error',
    why: 'Taking the second one writes podman’s store onto the input.',
    source: `${stateSource}; "Starting the machine", drives`,
    remedy: `Take /dev/vdc as the state disk where ${p.input} is not none.`,
  },
  {
    id: 'STA-004',
    title: 'Images on the state disk are there after a reboot',
    severity: 'blocker',
    why: 'This is what the state disk is for.',
    source: stateSource,
    remedy: 'Mount the disk before podman is used first, and sync and unmount it at the end.',
  },
  {
    id: 'STA-005',
    title: 'The state disk is unmounted at the end',
    severity: 'error',
    why: 'A file system that was not unmounted must replay its journal, and may have lost what was written last.',
    source: `${stateSource}; sync and unmount at the end`,
    remedy: 'Run sync, then umount /var/lib/containers/storage and what is mounted below it, before reboot -f.',
  },
  {
    id: 'STA-006',
    title: 'Nothing is lost from the state disk, whatever the command leaves running',
    severity: 'error',
    why: 'A container left running keeps files open: an unmount that gives up on them loses what is not yet on the disk.',
    source: `${stateSource}; a container may be left running`,
    remedy: 'Sync; where unmounting fails, end the processes that are left, and remount read-only if it still fails.',
  },
  {
    id: 'STA-007',
    title: 'After a machine was killed during a pull, its state disk serves again',
    severity: 'error',
    why: 'Builds are cancelled at any moment; the disk must not have to be thrown away.',
    source: `${stateSource}, survives reboots`,
    remedy: 'Mount the state disk as ext4 with its journal, without options that skip recovery.',
  },
  {
    id: 'STA-008',
    title: 'Images that were complete before the kill are listed and run',
    severity: 'error',
    why: 'A cancelled pull must not cost the images that were there.',
    source: `${stateSource}, survives reboots`,
    remedy: 'Read podman’s message: leftovers of an incomplete layer must not make it refuse the whole store.',
  },
  {
    id: 'STA-009',
    title: 'The pull that was killed can be made again, and its image runs',
    severity: 'error',
    why: 'podman records layers as complete before their files are on the disk; after a kill they may be empty, and every later pull takes them as they are.',
    source: `${stateSource}, survives reboots; ext4(5), data=ordered and nodelalloc`,
    remedy:
      'Mount the state disk with nodelalloc, so that a layer’s files are on the disk before the record that it is complete.',
  },
  {
    id: 'INP-006',
    title: 'A batch of layouts is imported, the guest’s own architecture from a nested index',
    severity: 'error',
    why: 'Builds put all images of a product into one store in one boot; their layouts may hold an index in the index, for several architectures.',
    source: 'contract, "Commands and answers": batch import',
    remedy:
      'Ship a skopeo that reads OCI layouts and writes to the engine’s store, and let commands run in a subshell.',
  },
]
