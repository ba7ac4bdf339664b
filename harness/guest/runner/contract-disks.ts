import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ArchitectureName } from '../../model/architecture.ts'
import { GuestFault } from '../../model/faults.ts'
import { enclosed } from '../../platform/process/enclosure.ts'
import { requireTool, runTool, type ToolResult } from '../../platform/process/run-tool.ts'
import { ensureWorkloads } from '../../workloads/ensure-workloads.ts'

const toolTimeoutMs = 120_000
/** What the tools say of a file system takes a few kB; the files that are looked at, 16 MB at most. */
const maxStateBytes = 1024 * 1024
const maxFileBytes = 64 * 1024 * 1024
const maxShownBytes = 2000

/** Makes an ext4 disk of `sizeMiB` that holds a copy of the folder, or nothing. Returns its path. */
export async function makeDisk(path: string, sizeMiB: number, folder?: string): Promise<string> {
  const content = folder === undefined ? [] : ['-d', folder]
  // A journal, as disks of runners have it: what a killed machine leaves behind must be recovered.
  await requireTool('mke2fs', ['-q', '-F', '-t', 'ext4', ...content, path, `${sizeMiB}M`], { timeoutMs: toolTimeoutMs })
  return path
}

/** Copies a disk; what it does not hold takes no room in the copy either. Returns the copy's path. */
export async function copyDisk(disk: string, copy: string): Promise<string> {
  await requireTool('cp', ['--sparse=always', disk, copy], { timeoutMs: toolTimeoutMs })
  return copy
}

/** What a disk's file system says of itself, by the names of dumpe2fs, such as `Filesystem features`. */
export async function diskState(path: string): Promise<Map<string, string>> {
  const { stdout } = await lookAtDisk('dumpe2fs', ['-h', path], maxStateBytes)
  const lines = stdout.toString('utf8').split('\n')
  return new Map(
    lines.flatMap((line) =>
      [...line.matchAll(/^([^:]+):\s+(.*)$/g)].map(([, name, value]) => [name ?? '', value ?? '']),
    ),
  )
}

/** Replays the journal of a disk and repairs what its file system can repair by itself. */
export async function recoverDisk(path: string): Promise<void> {
  // 1: repaired (e2fsck(8), "EXIT CODE").
  await lookAtDisk('e2fsck', ['-f', '-p', path], maxStateBytes, [0, 1])
}

/** SHA-256 in hexadecimal of a file on a disk, read without mounting it; that of nothing where there is no such file. */
export async function diskFileDigest(disk: string, path: string): Promise<string> {
  const { stdout } = await lookAtDisk('debugfs', ['-R', `cat ${path}`, disk], maxFileBytes)
  return createHash('sha256').update(stdout).digest('hex')
}

/** Runs a tool on a disk that a guest wrote. Throws GuestFault where the tool cannot make anything of it. */
async function lookAtDisk(
  tool: string,
  args: readonly string[],
  maxOutputBytes: number,
  good: readonly (number | null)[] = [0],
): Promise<ToolResult> {
  const [first = '', ...rest] = await enclosed([tool, ...args])
  const result = await runTool(first, rest, { timeoutMs: toolTimeoutMs, maxOutputBytes })
  if (good.includes(result.exitCode)) return result
  const reason = result.timedOut
    ? `takes longer than ${toolTimeoutMs / 1000} s`
    : result.tooMuchOutput
      ? `has more to print than ${maxOutputBytes} bytes`
      : `ended with ${result.exitCode ?? 'a signal'}`
  const words = `${result.stdout.subarray(0, maxShownBytes).toString('utf8')}${result.stderr.slice(0, maxShownBytes)}`
  throw new GuestFault(`The file system that the guest left on a disk cannot be read: ${tool} ${reason}.`, words)
}

/** Writes one architecture of a workload as an OCI image layout (image-layout.md) whose one image bears the reference. */
export async function writeOciLayout(
  workload: string,
  arch: ArchitectureName,
  reference: string,
  folder: string,
): Promise<string> {
  const workloads = await ensureWorkloads()
  const image = manifestOf(workloads.named(workload), arch)
  await copyBlobs(workloads, [image.manifest, image.config, ...image.layers], folder)
  const annotations = { 'org.opencontainers.image.ref.name': reference }
  return writeLayoutIndex(folder, [{ ...image.manifest, annotations }])
}

/**
 * Writes all architectures of a workload as an OCI image layout whose index holds the image's own index, as builds that make
 * several architectures leave it (image-layout.md, "index.json file": nested indexes).
 */
export async function writeNestedLayout(workload: string, folder: string): Promise<string> {
  const workloads = await ensureWorkloads()
  const { index, manifests } = workloads.named(workload)
  const images = manifests.flatMap(({ manifest, config, layers }) => [manifest, config, ...layers])
  await copyBlobs(workloads, [index, ...images], folder)
  return writeLayoutIndex(folder, [index])
}

async function copyBlobs(
  workloads: Awaited<ReturnType<typeof ensureWorkloads>>,
  blobs: readonly { digest: string }[],
  folder: string,
): Promise<void> {
  for (const { digest } of blobs) {
    const target = join(folder, 'blobs', digest.replace(':', '/'))
    await mkdir(dirname(target), { recursive: true })
    await copyFile(workloads.blobPath(digest), target)
  }
}

async function writeLayoutIndex(folder: string, manifests: readonly object[]): Promise<string> {
  await writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  await writeFile(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }))
  return folder
}

/** Unpacks the layers of a workload, lowest first, as a container's root file system. */
export async function writeRootFileSystem(workload: string, arch: ArchitectureName, folder: string): Promise<string> {
  const workloads = await ensureWorkloads()
  await mkdir(folder, { recursive: true })
  for (const { digest } of manifestOf(workloads.named(workload), arch).layers) {
    const input = await readFile(workloads.blobPath(digest))
    await requireTool('tar', ['-xzp', '--numeric-owner', '-C', folder], { timeoutMs: toolTimeoutMs, input })
  }
  return folder
}

type WorkloadImage = Awaited<ReturnType<typeof ensureWorkloads>>['images'][number]

function manifestOf({ name, manifests }: WorkloadImage, arch: ArchitectureName): WorkloadImage['manifests'][number] {
  const manifest = manifests.find((candidate) => candidate.arch === arch)
  if (!manifest) throw new Error(`The workload ${name} is not made for ${arch}.`)
  return manifest
}
