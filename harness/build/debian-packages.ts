import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Architecture } from '../architecture.ts'
import { CallFault, EnvironmentFault } from '../faults.ts'
import { requireTool, runTool } from '../process/run-tool.ts'

export interface PackageOrder {
  arch: Architecture
  /** A Debian suite or code name, such as `trixie`; mmdebstrap alone knows where it is found. */
  release: string
  packages: readonly string[]
}

/** Packages that were unpacked, but none of whose scripts were run. */
export interface UnpackedPackages {
  /** The unpacked file tree. */
  tree: string
  /** The `.deb` files of all packages and dependencies, as paths. */
  archives: string
}

/** Download and unpacking took 7 to 30 s on a machine with 2 cores; a slow line may need minutes. */
const unpackTimeoutMs = 15 * 60_000
const extractTimeoutMs = 5 * 60_000

/** Throws CallFault for a release name that no suite can have (it would be read as an option or a path). */
export function requireReleaseName(release: string): void {
  if (!/^[a-z][a-z0-9-]*$/.test(release))
    throw new CallFault(`"${release}" is not a Debian release name, such as trixie, bookworm or sid.`)
}

/**
 * Downloads packages with their dependencies and unpacks them into `folder`, without running anything of them, so that
 * foreign architectures need no emulator. Throws EnvironmentFault when that fails.
 */
export async function unpackPackages(order: PackageOrder, folder: string): Promise<UnpackedPackages> {
  requireReleaseName(order.release)
  const archive = join(folder, 'packages.tar')
  const tree = join(folder, 'tree')
  await mkdir(tree, { recursive: true })
  await download(order, archive, folder)
  // Device nodes need privileges to unpack, and no image needs them: the kernel's devtmpfs makes them.
  const extraction = ['--extract', '--file', archive, '--directory', tree, '--no-same-owner', '--preserve-permissions']
  await requireTool('tar', [...extraction, '--exclude=./dev/*'], { timeoutMs: extractTimeoutMs })
  return { tree, archives: join(tree, 'var/cache/apt/archives') }
}

async function download(order: PackageOrder, archive: string, folder: string): Promise<void> {
  const options = [
    '--quiet',
    '--variant=extract',
    '--format=tar',
    `--architectures=${order.arch.debian}`,
    `--include=${order.packages.join(',')}`,
    // Keeps the .deb files, from which the package database is written.
    '--skip=essential/unlink',
    '--skip=cleanup/apt/cache',
  ]
  const result = await runTool('mmdebstrap', [...options, order.release, archive], {
    timeoutMs: unpackTimeoutMs,
    // mmdebstrap leaves its work folder behind when it is killed: put it where the caller removes everything.
    env: { TMPDIR: folder },
  })
  if (result.exitCode === 0) return
  throw new EnvironmentFault(
    `mmdebstrap could not unpack Debian packages of release "${order.release}" for ${order.arch.debian} ` +
      `(${result.timedOut ? `not done within ${unpackTimeoutMs / 60_000} minutes` : `exit code ${result.exitCode}`}). ` +
      `Is there such a release, a network and space?\n${lastWords(result.stderr)}`,
    { cause: result },
  )
}

const lastWords = (text: string): string => text.trim().split('\n').slice(-6).join('\n')
