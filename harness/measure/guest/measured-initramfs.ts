import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { vcontainerWords } from '../../contract/engines.ts'
import type { ArchitectureName } from '../../model/architecture.ts'
import { type CpioEntry, writeCpio } from '../../recipes/cpio-archive.ts'
import type { Workloads } from '../../workloads/make-workloads.ts'
import { pulledWorkloads, type Step } from '../steps.ts'
import { type GuestFile, httpdConfiguration, loadArchive, registryFiles } from './registry-files.ts'

const scripts = new URL('./scripts/', import.meta.url)

/** Kernel parameters that start a measured boot instead of the boot kit's own. */
export const measuredParameters: readonly string[] = [
  'rdinit=/prepare',
  `${vcontainerWords.init}=/dev/.measure/enter`,
  // Every mark must appear, however many there are (Linux, kernel-parameters.txt, "printk.devkmsg").
  'printk.devkmsg=on',
]

/** The command that runs the steps once the image is ready. */
export const measuredCommand = '/dev/.measure/steps'

export interface MeasuredContents {
  /** The boot kit's. */
  initramfs: string
  arch: ArchitectureName
  steps: readonly Step[]
  workloads: Workloads
  /** Where the machine has no disk: the image, which the boot kit then mounts from the initramfs. */
  image?: string
  /**
   * Texts by file name, beside the harness's own scripts or in their place, to see whether something slower is noticed:
   * `prelude` runs as if the image's init began with it, `serve` starts the registry.
   */
  changed?: Readonly<Record<string, string>>
}

export interface MeasuredInitramfs {
  path: string
  /** SHA-256 of all that the harness put into it beside the image: what the guest runs and pulls. */
  workloadSha256: string
}

/**
 * Writes an initramfs of a measured boot: the boot kit's, then an archive with scripts, registry and
 * image. The kernel unpacks one after the other; a plain one must begin at a multiple of four bytes (init/initramfs.c).
 */
export async function writeMeasuredInitramfs(contents: MeasuredContents, folder: string): Promise<MeasuredInitramfs> {
  const path = join(folder, 'measured-initramfs')
  await pipeline(createReadStream(contents.initramfs), createWriteStream(path))
  const { size } = await stat(path)
  const files = await measuredFiles(contents)
  const image = contents.image === undefined ? [] : [{ path: 'rootfs.img', content: await readFile(contents.image) }]
  const archive = writeCpio(withFolders([...files, ...image]))
  await writeFile(path, Buffer.concat([Buffer.alloc(-size & 3), archive]), { flag: 'a' })
  return { path, workloadSha256: hashOf(files) }
}

async function measuredFiles({ arch, steps, workloads, changed = {} }: MeasuredContents): Promise<GuestFile[]> {
  const tools = [
    ...(await Promise.all(['mark', 'enter', 'serve', 'steps'].map(script))),
    { path: 'table', content: Buffer.from(steps.map(({ phase, command }) => `${phase} ${command}\n`).join('')) },
    ...Object.entries(changed).map(([path, text]) => ({ path, content: Buffer.from(text) })),
    { path: 'httpd.conf', content: Buffer.from(httpdConfiguration) },
    { path: 'loaded.tar', content: await loadArchive(workloads, 'alpine', arch) },
    ...(await registryFiles(workloads, pulledWorkloads(steps), arch)),
  ]
  const distinct = [...new Map(tools.map((file) => [file.path, file])).values()]
  return [await script('prepare'), ...distinct.map(({ path, content }) => ({ path: `measure/${path}`, content }))]
}

function hashOf(files: readonly GuestFile[]): string {
  const hash = createHash('sha256')
  for (const { path, content } of files) hash.update(`${path}\0${content.length}\0`).update(content)
  return hash.digest('hex')
}

const script = async (path: string): Promise<GuestFile> => ({ path, content: await readFile(new URL(path, scripts)) })

function withFolders(files: readonly GuestFile[]): CpioEntry[] {
  const folders = new Set(files.flatMap(({ path }) => parentsOf(path)))
  return [
    ...[...folders].map((path): CpioEntry => ({ path, kind: 'directory', mode: 0o755 })),
    ...files.map(({ path, content }): CpioEntry => ({ path, kind: 'file', mode: 0o755, contents: content })),
  ]
}

const parentsOf = (path: string): string[] =>
  path.split('/').flatMap((_name, index, names) => (index === 0 ? [] : [names.slice(0, index).join('/')]))
