import { mkdir, readdir } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Architecture } from '../model/architecture.ts'
import { CallFault, EnvironmentFault } from '../model/faults.ts'
import { requireTool, runTool } from '../platform/process/run-tool.ts'
import { missingRights } from './unprivileged/missing-rights.ts'
import { withUnsharedFolder } from './unprivileged/unshared-folder.ts'

export interface PackageOrder {
  arch: Architecture
  /** A Debian suite or code name, such as `trixie`; mmdebstrap alone knows where it is found. */
  release: string
  packages: readonly string[]
}

/** A downloaded `.deb`. */
export interface PackageArchive {
  /** Package name, without version and architecture. */
  name: string
  path: string
}

/** Downloading took 7 to 30 s on a machine with 2 cores; a slow line may need minutes. */
const downloadTimeoutMs = 15 * 60_000
const unpackTimeoutMs = 5 * 60_000

/** Throws CallFault for a release name that no suite can have (it would be read as an option or a path). */
export function requireReleaseName(release: string): void {
  if (!/^[a-z][a-z0-9-]*$/.test(release))
    throw new CallFault(`"${release}" is not a Debian release name, such as trixie, bookworm or sid.`)
}

/**
 * Downloads packages and all they depend on into `folder`, sorted by name. Nothing of them is run, so that foreign
 * architectures need no emulator. Throws EnvironmentFault when that fails.
 */
export async function downloadPackages(order: PackageOrder, folder: string): Promise<PackageArchive[]> {
  const bundle = join(folder, 'packages.tar')
  await mkdir(folder, { recursive: true })
  await resolveAndDownload(order, bundle, folder)
  const archives = 'var/cache/apt/archives'
  const extraction = ['--extract', '--file', bundle, '--directory', folder, '--no-same-owner', `./${archives}`]
  await requireTool('tar', extraction, { timeoutMs: unpackTimeoutMs })
  const names = (await readdir(join(folder, archives))).filter((name) => name.endsWith('.deb')).sort()
  return names.map((name) => ({ name: name.split('_')[0] ?? name, path: join(folder, archives, name) }))
}

async function resolveAndDownload(order: PackageOrder, bundle: string, folder: string): Promise<void> {
  const options = [
    '--variant=extract',
    '--format=tar',
    `--architectures=${order.arch.debian}`,
    `--include=${order.packages.join(',')}`,
    // A mirror that lags or is frozen serves lists past their date; their signatures are checked all the same.
    '--aptopt=Acquire::Check-Valid-Until "false"',
    // Keep the .deb files: the package database is written from them.
    '--skip=essential/unlink',
    '--skip=cleanup/apt/cache',
  ]
  const mode = isRoot() ? [] : ['--mode=unshare']
  const result = await withUnsharedFolder(folder, (work) =>
    runTool('mmdebstrap', [...mode, ...options, order.release, bundle], {
      timeoutMs: downloadTimeoutMs,
      // mmdebstrap leaves its work folder behind when it is killed: put it where the caller removes everything.
      env: { TMPDIR: work },
    }),
  )
  if (result.exitCode === 0) return
  const lacking = isRoot() ? [] : missingRights({ user: userInfo().username, path: process.env.PATH ?? '' })
  const ending = result.timedOut ? `not done in ${downloadTimeoutMs / 60_000} minutes` : `exit code ${result.exitCode}`
  throw new EnvironmentFault(
    'E_PACKAGES',
    `mmdebstrap could not download packages of Debian release "${order.release}" for ${order.arch.debian} (${ending}). ` +
      `Is there such a release, a network, and space in ${folder}?\n${[...lacking, complaints(result.stderr)].join('\n')}`,
    { cause: result },
  )
}

const isRoot = (): boolean => process.getuid?.() === 0

/** The lines in which apt and mmdebstrap say what went wrong. */
const complaints = (text: string): string =>
  text
    .split('\n')
    .filter((line) => /^(E|W|Err):/.test(line))
    .slice(-6)
    .join('\n')

/** Unpacks packages into one tree, in order. */
export async function unpackPackages(archives: readonly PackageArchive[], tree: string): Promise<void> {
  await mkdir(tree, { recursive: true })
  for (const { path } of archives)
    await requireTool('dpkg-deb', ['--extract', path, tree], { timeoutMs: unpackTimeoutMs })
}
