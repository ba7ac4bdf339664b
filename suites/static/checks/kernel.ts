import { pathOf } from '../../../harness/image/squashfs/tree.ts'
import type { FileTree } from '../../../harness/inspect/file-tree.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { dockerFirewallNeeds, firewallNeeds } from '../../../harness/inspect/kernel/firewall-needs.ts'
import { imageModules, type ModuleFolder } from '../../../harness/inspect/kernel/image-modules.ts'
import { judgeNeed, type KernelAndModules, kernelFindings } from '../../../harness/inspect/kernel/judge-need.ts'
import { moduleRelease } from '../../../harness/inspect/kernel/kernel-module.ts'
import {
  bootNeeds,
  consoleNeeds,
  initramfsNeeds,
  scriptNeed,
  squashfsNeeds,
} from '../../../harness/inspect/kernel/needs/boot-needs.ts'
import { containerNeeds, contractNeeds, wishedNeeds } from '../../../harness/inspect/kernel/needs/container-needs.ts'
import { dockerContainerNeeds, dockerWishedNeeds } from '../../../harness/inspect/kernel/needs/docker-needs.ts'
import { linkNeeds } from '../../../harness/inspect/kernel/needs/network-needs.ts'
import type { KernelNeed, ShippedKernel } from '../../../harness/inspect/kernel/shipped-kernel.ts'
import type { Profile } from '../../../harness/profile/profile.ts'
import { type Examination, finding, type StaticCheck, skipped } from '../check.ts'

type Look = (known: KernelAndModules, image: InspectedImage, profile: Profile) => Examination

/** A check of the kernel that the user gave; without one there is nothing to look at. */
const ofKernel =
  (look: Look): StaticCheck['examine'] =>
  (image, profile) => {
    const { kernel } = image
    if ('notRead' in kernel) return skipped(kernel.notRead)
    return look({ kernel, inImage: imageModules(image.files, kernel.version) }, image, profile)
  }

/** Needs of which nothing is known are not looked at; where that is so of all, the kernel tells nothing. */
function examineNeeds(known: KernelAndModules, needs: readonly KernelNeed[]): Examination {
  const judged = needs.map((need) => judgeNeed(known, need)).filter(({ is }) => is !== 'unknown')
  if (judged.length === 0) return skipped(silent(known.kernel))
  return { examinedCount: judged.length, findings: kernelFindings(known.kernel, judged) }
}

const silent = ({ path, version }: ShippedKernel): string =>
  `Nothing tells how the kernel ${path} (${version}) was configured: it carries no configuration (CONFIG_IKCONFIG), and neither beside it nor in the image is there a config of it that would.`

/** What boots this image: its own packing, and an init that is a script. */
function bootNeedsOf({ initramfs }: ShippedKernel, image: InspectedImage, { init }: Profile): KernelNeed[] {
  const isScript = image.scripts.some(({ path }) => path === image.files.resolve(init.path).path)
  return [
    ...bootNeeds,
    ...squashfsNeeds[image.squashfs.superblock.compression],
    ...(isScript ? [scriptNeed] : []),
    ...(initramfs?.packing === undefined ? [] : [initramfsNeeds[initramfs.packing] as KernelNeed]),
    consoleNeeds[image.arch],
  ]
}

/** Of several ways in which the image can write rules of a firewall, one is enough: that with the fewest findings is told. */
function examineNetwork(known: KernelAndModules, image: InspectedImage): Examination {
  const ways = firewallNeeds(image).map((needs) => examineNeeds(known, [...linkNeeds, ...needs]))
  const [best = examineNeeds(known, linkNeeds)] = ways.sort((a, b) => a.findings.length - b.findings.length)
  return best
}

/** Modules are all of one build: some of a folder tell of the whole. */
const readModules = 20
const maxModuleBytes = 16 * 1024 * 1024

function examineReleases({ kernel, inImage: { folders } }: KernelAndModules, { files }: InspectedImage): Examination {
  if (kernel.version === 'unknown') return skipped(`The kernel ${kernel.path} does not tell its version.`)
  const withModules = folders.filter(({ modules }) => modules.length > 0)
  const own = withModules.find(({ release }) => release === kernel.version)
  const elsewhere = own ? [] : withModules
  const made = [...madeModules(own, files), ...packedModules(kernel.initramfs), ...packedModules(kernel.archive)]
  const foreign = Map.groupBy(
    made.filter(({ release }) => release !== kernel.version),
    ({ release }) => release,
  )
  const examinedCount = withModules.length + made.length
  if (examinedCount === 0)
    return skipped('Neither the image nor an initramfs or an archive beside it has modules that tell their kernel.')
  return {
    examinedCount,
    findings: [
      ...elsewhere.map(({ path }) =>
        finding(path, `The kernel is ${kernel.version} and never looks for modules here.`),
      ),
      ...[...foreign].map(([release, [first]]) =>
        finding(
          first?.path ?? '/',
          `This is a module of ${release}, and the kernel is ${kernel.version}, which refuses it (vermagic).`,
        ),
      ),
    ],
  }
}

interface MadeModule {
  path: string
  release: string
}

function madeModules(folder: ModuleFolder | undefined, files: FileTree): MadeModule[] {
  return (folder?.modules.slice(0, readModules) ?? []).flatMap(({ entry }) => {
    const isRead = entry.inode.kind === 'file' && entry.inode.sizeBytes <= maxModuleBytes
    const bytes = isRead ? files.readIfWhole(entry, 0, maxModuleBytes) : undefined
    const release = bytes && moduleRelease(bytes)
    return release === undefined ? [] : [{ path: pathOf(entry), release }]
  })
}

/** Of an archive that lies beside the kernel. */
const packedModules = (packed: ShippedKernel['initramfs' | 'archive']): MadeModule[] =>
  (packed?.modules ?? []).flatMap(({ path, release }) =>
    release === undefined ? [] : [{ path: `${packed?.path}: ${path}`, release }],
  )

const kernelSource = 'docs/contract.md, How a runner starts the machine; Kconfig files of Linux'
const remedy =
  'Set the option in the configuration of the kernel (a fragment in SRC_URI, or KERNEL_FEATURES) and build it again.'

export const kernelChecks: readonly StaticCheck[] = [
  {
    id: 'KRN-001',
    title: 'The kernel beside the image can mount it and start its init',
    severity: 'blocker',
    why: 'Without a driver of its disk, its file system or its compression the image does not start at all.',
    source: `${kernelSource}; fs/squashfs/Kconfig, usr/Kconfig`,
    remedy,
    examine: ofKernel((known, image, profile) => examineNeeds(known, bootNeedsOf(known.kernel, image, profile))),
  },
  {
    id: 'KRN-002',
    title: 'The kernel has the devices and file systems by which runners reach the image',
    severity: 'error',
    why: 'The image starts, and then a share, a state disk, the network or the port of daemon mode is not there.',
    source: kernelSource,
    remedy,
    examine: ofKernel((known) => examineNeeds(known, contractNeeds)),
  },
  {
    id: 'KRN-003',
    engine: 'podman',
    title: 'The kernel has what podman, conmon and crun need to start a container',
    severity: 'error',
    why: 'Commands that run no container work, and each podman run fails, or runs unconfined.',
    source:
      'namespaces(7), cgroups(7), seccomp(2); crun, src/libcrun/linux.c and ebpf.c; the Go runtime, runtime/os_linux.go',
    remedy,
    examine: ofKernel((known) => examineNeeds(known, containerNeeds)),
  },
  {
    id: 'KRN-004',
    engine: 'podman',
    title: 'The kernel has what networks of containers are made of, for the firewall that the image uses',
    severity: 'error',
    why: 'netavark, or CNI, sets up a bridge and the rules of a firewall for each container with a network.',
    source: 'netavark, src/network/bridge.rs and src/firewall; iptables-nft(8); net/netfilter/Kconfig',
    remedy,
    examine: ofKernel(examineNetwork),
  },
  {
    id: 'KRN-005',
    engine: 'podman',
    title: 'The kernel has what options of podman need that people use now and then',
    severity: 'warning',
    why: 'No runner asks for them: limits of memory and processor, user namespaces, IPv6.',
    source: 'podman-run(1), --memory, --cpus, --cpuset-cpus, --userns; podman-network-create(1), --ipv6',
    remedy,
    examine: ofKernel((known) => examineNeeds(known, wishedNeeds)),
  },
  {
    id: 'KRN-006',
    title: 'Kernel modules of the image, of its initramfs and of the archive beside it are of the kernel there',
    severity: 'warning',
    why: 'A kernel looks for modules in the folder of its own release alone and refuses those made for another.',
    source: 'modprobe(8); Linux, kernel/module/main.c, check_modinfo',
    remedy: 'Build image, initramfs and kernel together, or install the modules of this kernel.',
    examine: ofKernel(examineReleases),
  },
  {
    id: 'KRN-007',
    engine: 'docker',
    title: 'The kernel has what dockerd, containerd and runc need to unpack images and start a container',
    severity: 'error',
    why: 'dockerd does not start without its storage driver, and each docker run fails, or runs unconfined, without the rest.',
    source:
      'moby, contrib/check-config.sh; docs.docker.com, "OverlayFS storage driver"; runc, libcontainer; overlayfs.rst, "Extended attributes"',
    remedy,
    examine: ofKernel((known) => examineNeeds(known, dockerContainerNeeds)),
  },
  {
    id: 'KRN-008',
    engine: 'docker',
    title: 'The kernel has what dockerd’s networks are made of, for the iptables that the image has',
    severity: 'error',
    why: 'dockerd makes a bridge and writes rules when it starts, and ends where it cannot.',
    source:
      'moby, contrib/check-config.sh and libnetwork/drivers/bridge/bridge_linux.go, createNetwork; net/bridge/Kconfig, BRIDGE_NETFILTER',
    remedy,
    examine: ofKernel((known, image) => examineNeeds(known, dockerFirewallNeeds(image))),
  },
  {
    id: 'KRN-009',
    engine: 'docker',
    title: 'The kernel has what options of docker need that people use now and then',
    severity: 'warning',
    why: 'No runner asks for them: limits of memory, processes and processor, user namespaces, IPv6. Docker drops most limits that it cannot set, with a warning.',
    source:
      'docker-run(1), --memory, --pids-limit, --cpus, --cpuset-cpus; dockerd(8), --userns-remap; docker-network-create(1), --ipv6',
    remedy,
    examine: ofKernel((known) => examineNeeds(known, dockerWishedNeeds)),
  },
]
