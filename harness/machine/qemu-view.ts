import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Architecture } from '../model/architecture.ts'
import { runTool } from '../platform/process/run-tool.ts'
import { toolPath } from '../platform/setup/search-path.mjs'
import type { GuestPlan } from './guest-plan.ts'
import { type HostPath, hostPaths } from './host-paths.ts'
import { viewRefusal } from './view-refusal.ts'

const probeTimeoutMs = 10_000

/** Where systems keep programs, their libraries and their data. */
const systemFolders = [
  ...['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/opt', '/nix/store', '/gnu/store'],
  ...['/etc/ld.so.cache', '/etc/alternatives'],
]

/** Name spaces of its own for what QEMU shares with nobody, which all end with the first process in them (bwrap(1)). */
const nameSpaces = ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--die-with-parent']

/** What QEMU opens; a terminal and shared memory, which bwrap's own `/dev` has too, it needs not. */
const deviceNodes = ['null', 'zero', 'random', 'urandom', 'kvm'].map((name) => `/dev/${name}`)

/** Each mount takes some tenths of a millisecond of every fork. */
const systemView = [
  ...systemFolders.flatMap(systemFolder),
  ...deviceNodes.flatMap((path) => ['--dev-bind-try', path, path]),
  // Settings of the kernel are writable to root whatever its rights (fs/proc/proc_sysctl.c).
  ...['--proc', '/proc', '--ro-bind-try', '/proc/sys', '/proc/sys'],
]

/** Nothing where it is not there, and a link where it is one into another of them, as `/lib` of most systems into `/usr`. */
function systemFolder(path: string): string[] {
  if (!existsSync(path)) return []
  const leadsTo = realpathSync(path)
  const isLink = lstatSync(path).isSymbolicLink() && systemFolders.some((other) => leadsTo.startsWith(`${other}/`))
  return isLink ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path]
}

/**
 * The start of a command line by which QEMU sees the system's programs, its guest's files and `folder`, and nothing else of the
 * host: no other file, no other process, and without a way in or out no network.
 */
export function qemuView({ boot, devices, options = [] }: GuestPlan, folder: string): string[] {
  const bootFiles =
    boot === undefined ? [] : [boot.kernel, boot.initramfs, ...(boot.hypervisor ? [boot.hypervisor.path] : [])]
  const paths: HostPath[] = [
    ...bootFiles.map((path) => ({ path, access: 'read-only' }) as const),
    ...hostPaths([...devices.flat(), ...options]),
    { path: folder, access: 'read-write' },
  ]
  return [
    ...['bwrap', ...nameSpaces, ...(devices.some(isWayThrough) ? [] : ['--unshare-net']), ...systemView],
    // Of what is missing, QEMU says so itself.
    ...bindings(paths.filter(({ path }) => existsSync(path))),
    ...['--remount-ro', '/', '--chdir', '/', '--'],
  ]
}

const isWayThrough = (device: readonly string[]): boolean => device.some((text) => /,(?:guestfwd|hostfwd)=/.test(text))

/**
 * Folders before what lies in them, which may have an access of its own; of two of one file that which allows more is last. What is
 * reached by links is bound where it really lies as well: bwrap binds nothing over a link, which is seen where its folder is.
 */
function bindings(paths: readonly HostPath[]): string[] {
  const real = paths.map(({ path, access }) => ({ path: realpathSync(path), access }))
  const isSeen = (path: string) => [...real, ...paths].some((seen) => path.startsWith(`${seen.path}/`))
  const named = paths.filter(
    ({ path }, index) => path !== real[index]?.path && !(lstatSync(path).isSymbolicLink() && isSeen(path)),
  )
  return [...real.sort(outerFirst), ...named.sort(outerFirst)].flatMap(({ path, access }) => [
    access === 'read-only' ? '--ro-bind' : '--bind',
    path,
    path,
  ])
}

const outerFirst = (one: HostPath, other: HostPath): number =>
  one.path.length - other.path.length || one.access.localeCompare(other.access)

const obstacles = new Map<string, Promise<string | undefined>>()

/** Why this QEMU cannot have such a view here, in words for a report; undefined where it can. */
export function viewObstacle(architecture: Architecture): Promise<string | undefined> {
  const { emulator } = architecture
  const found = obstacles.get(emulator) ?? findObstacle(emulator)
  obstacles.set(emulator, found)
  return found
}

async function findObstacle(emulator: string): Promise<string | undefined> {
  if (programPath('bwrap') === undefined) return 'bubblewrap is not installed'
  const path = programPath(emulator)
  if (path !== undefined && !systemFolders.some((folder) => path.startsWith(`${folder}/`)))
    return `${path} lies outside the system’s folders`
  // Children are read of the first process in it, which needs CONFIG_PROC_CHILDREN (proc(5), "children").
  const reading = ['sh', '-c', 'read -r children < /proc/$$/task/$$/children || :']
  const command = [...nameSpaces, '--unshare-net', ...systemView, '--remount-ro', '/', '--', ...reading]
  const { exitCode, stderr } = await runTool('bwrap', command, { timeoutMs: probeTimeoutMs })
  return exitCode === 0 ? undefined : viewRefusal(stderr)
}

/** Where a program really lies that is named by its path, or to be found on the search path. */
function programPath(name: string): string | undefined {
  const folders = name.startsWith('/') ? ['/'] : toolPath().split(':')
  const paths = folders.map((folder) => join(folder, name))
  const path = paths.find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile())
  return path === undefined ? undefined : realpathSync(path)
}
