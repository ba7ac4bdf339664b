import { matchesPath } from '../../profile/path-pattern.ts'
import type { FileDifference } from './content-difference.ts'

/** What a phase uses of an image: where a phase changed, look at differences there first. */
interface PhaseFiles {
  phase: RegExp
  patterns: readonly string[]
}

const scripts = ['/init', '/*.sh', '/etc/fstab', '/etc/hostname', '/etc/hosts']
const shell = ['/{usr/,}{bin,sbin}/{busybox*,sh,dash,bash,mount*,umount*,ip,mkdir,ln,cat,stty,base64}']
const libraries = ['/{usr/,}lib{,32,64}/**']
const podman = ['/{usr/,}bin/podman', '/etc/containers/**', '/usr/share/containers/**']
const runtime = ['/{usr/,}{bin,sbin}/{crun*,runc*,conmon*}', '/usr/lib*/podman/**', '/usr/libexec/podman/**']

/** In the order in which a metric is looked up. The kernel's phase unpacks the initramfs, which holds the image whole. */
const table: readonly PhaseFiles[] = [
  { phase: /boot_kernel/, patterns: ['/**'] },
  { phase: /boot_initramfs/, patterns: ['/', '/*'] },
  { phase: /boot/, patterns: [...scripts, ...shell, ...libraries] },
  { phase: /run/, patterns: [...podman, ...runtime, ...libraries] },
  { phase: /version|load|remove|pull/, patterns: [...podman, '/etc/ssl/**', ...libraries] },
]

/** The differences that lie where the metric's phase looks. */
export function differencesIn(metric: string, files: readonly FileDifference[]): FileDifference[] {
  const used = table.find(({ phase }) => phase.test(metric))
  return used ? files.filter(({ path }) => used.patterns.some((pattern) => matchesPath(pattern, path))) : []
}
