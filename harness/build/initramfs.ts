import { gzipSync } from 'node:zlib'
import type { AgentFile } from './agent-files.ts'
import { type CpioEntry, writeCpio } from './cpio-archive.ts'
import type { KernelModule } from './kernel-modules.ts'

export interface InitramfsContents {
  /** Static busybox of the guest's architecture. */
  busybox: Buffer
  /** Our `/init`. */
  init: Buffer
  /** Modules to load, by the name of the group that `/init` asks for; in loading order. */
  moduleGroups: Readonly<Record<string, readonly KernelModule[]>>
  agent: readonly AgentFile[]
}

/** Programs that `/init` calls; each is a link to busybox. */
export const applets = ['sh', 'chroot', 'cp', 'insmod', 'mkdir', 'mount', 'reboot', 'rm', 'sleep', 'switch_root']

const folders = ['bin', 'dev', 'proc', 'sys', 'modules', 'agent']

/** Lays out the initramfs. The same contents give the same entries. */
export function initramfsEntries(contents: InitramfsContents): CpioEntry[] {
  const modules = new Map(
    Object.values(contents.moduleGroups).flatMap((group) => group.map((module) => [module.name, module])),
  )
  return [
    ...folders.map((path): CpioEntry => ({ path, kind: 'directory', mode: 0o755 })),
    // The kernel opens it for PID 1 before devtmpfs is mounted.
    { path: 'dev/console', kind: 'character-device', mode: 0o600, major: 5, minor: 1 },
    program('init', contents.init),
    program('bin/busybox', contents.busybox),
    ...applets.map((name): CpioEntry => ({ path: `bin/${name}`, kind: 'link', target: 'busybox' })),
    ...contents.agent.map((file) => program(`agent/${file.name}`, file.contents)),
    ...[...modules.values()].map((module): CpioEntry => data(`modules/${module.name}.ko`, module.contents)),
    ...Object.entries(contents.moduleGroups).map(([group, members]) =>
      data(`modules/${group}.order`, Buffer.from(members.map((module) => `${module.name}.ko\n`).join(''))),
    ),
  ]
}

const program = (path: string, contents: Buffer): CpioEntry => ({ path, kind: 'file', mode: 0o755, contents })
const data = (path: string, contents: Buffer): CpioEntry => ({ path, kind: 'file', mode: 0o644, contents })

/**
 * Packs an initramfs as gzip with stored blocks: the kernel then copies instead of inflating, which under emulation
 * is worth more than a small file, and the bytes do not depend on the zlib at hand.
 */
export function packInitramfs(contents: InitramfsContents): Buffer {
  return gzipSync(writeCpio(initramfsEntries(contents)), { level: 0 })
}
