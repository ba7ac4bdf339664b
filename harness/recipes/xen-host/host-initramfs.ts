import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { moduleEntries } from '../boot-kit/initramfs.ts'
import type { KernelModule } from '../boot-kit/kernel-modules.ts'
import { type CpioEntry, writeCpio } from '../cpio-archive.ts'

export interface HostContents {
  busybox: Buffer
  /** Programs by their names, the agent's among them. */
  programs: ReadonlyMap<string, Buffer>
  /** Libraries by their names, the loader among them. */
  libraries: ReadonlyMap<string, Buffer>
  /** Path at which programs name their loader. */
  loader: string
  /** Names the folder where the loader looks for libraries. */
  triplet: string
  kernelVersion: string
  modules: readonly KernelModule[]
}

/** What dom0's scripts and the harness call; each is a link to busybox. */
export const hostApplets = [
  ...['sh', 'brctl', 'cat', 'chmod', 'cp', 'date', 'grep', 'ip', 'kill', 'ln', 'ls', 'mkdir', 'modprobe', 'mount'],
  ...['mknod', 'reboot', 'rm', 'setsid', 'sleep', 'stat'],
] as const

/** Names by which dom0's scripts call the one program of the store's. */
const storeNames = ['read', 'write', 'rm', 'list', 'exists'].map((name) => `xenstore-${name}`)

/** Where each script lies in dom0; xl calls the last two by these names (xl-disk-configuration(5), xl-network-configuration(5)). */
const scripts: Readonly<Record<string, string>> = {
  init: 'init',
  block: 'etc/xen/scripts/block',
  'vif-bridge': 'etc/xen/scripts/vif-bridge',
}
const scriptFolder = new URL('./scripts/', import.meta.url)
export const hostScript = (name: string): Buffer => readFileSync(new URL(name, scriptFolder))

/** dom0 has as much memory as its kernel's command line says: xl is not to take some of it for a domain (xl.conf(5)). */
const xlSettings = 'autoballoon="off"\n'

/** Lays out dom0's file system, which is its initramfs. The same contents give the same entries. */
export function hostEntries(contents: HostContents): CpioEntry[] {
  const { busybox, programs, libraries, loader, triplet } = contents
  const files: CpioEntry[] = [
    // The kernel opens it for PID 1 before devtmpfs is mounted.
    { path: 'dev/console', kind: 'character-device', mode: 0o600, major: 5, minor: 1 },
    ...Object.entries(scripts).map(([name, path]) => program(path, hostScript(name))),
    { path: 'etc/xen/xl.conf', kind: 'file', mode: 0o644, contents: Buffer.from(xlSettings) },
    program('bin/busybox', busybox),
    ...hostApplets.map((name) => link(`bin/${name}`, 'busybox')),
    ...[...programs].map(([name, bytes]) => program(`bin/${name}`, bytes)),
    ...storeNames.map((name) => link(`bin/${name}`, 'xenstore')),
    ...[...libraries].map(([name, bytes]) => program(`lib/${triplet}/${name}`, bytes)),
    link(loader.slice(1), `/lib/${triplet}/${basename(loader)}`),
    link('var/run', '/run'),
    ...moduleEntries({ moduleGroups: { host: contents.modules }, kernelVersion: contents.kernelVersion }),
  ]
  return [...foldersOf(files), ...files]
}

const emptyFolders = ['proc', 'sys', 'run', 'tmp', 'boot', 'var/log/xen/console', 'var/lib/xen', 'var/lib/xenstored']

/** Every folder that holds an entry, and those that dom0's programs write to. */
function foldersOf(files: readonly CpioEntry[]): CpioEntry[] {
  const paths = new Set<string>()
  const add = (path: string): void => {
    if (path === '.' || paths.has(path)) return
    add(dirname(path))
    paths.add(path)
  }
  for (const path of emptyFolders) add(path)
  for (const { path } of files) add(dirname(path))
  const made = new Set(files.map(({ path }) => path))
  return [...paths].filter((path) => !made.has(path)).map((path) => ({ path, kind: 'directory', mode: 0o755 }))
}

const program = (path: string, contents: Buffer): CpioEntry => ({ path, kind: 'file', mode: 0o755, contents })
const link = (path: string, target: string): CpioEntry => ({ path, kind: 'link', target })

/** Packs dom0's initramfs, as the boot kit's, with stored blocks. */
export const packHostInitramfs = (contents: HostContents): Buffer =>
  gzipSync(writeCpio(hostEntries(contents)), { level: 0 })
