import { createReadStream, globSync, lstatSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pipeline, Transform } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { InitramfsModule } from './initramfs-modules.ts'
import { moduleNameOf, moduleRelease } from './kernel-module.ts'

/** All modules of a kernel, as a build leaves them beside it; they are in no guest, but tell what the kernel was built with. */
export interface ModulesArchive {
  /** On the host. */
  path: string
  /** The folder of the modules in it, which is named after their kernel. */
  release: string
  /** Of some of them, what kernel they were made for is read too. */
  modules: readonly InitramfsModule[]
  /** Its modules.builtin. */
  builtIn: string | undefined
  /** Its configs.ko, where the kernel's configuration is a module. */
  configs: Buffer | undefined
}

/** As bitbake names it; the link beside it leads to the same file (meta/classes-recipe/kernel.bbclass, MODULE_TARBALL_NAME). */
const archiveNames = 'modules-*.tgz'
/** How many of them are looked into for that of the kernel, the newest first. */
const maxArchives = 4

/** All modules of a distribution's kernel are 5,000 files of 0.4 GiB, and packed 0.1 GiB. */
const maxPackedBytes = 512 * 1024 ** 2
const wholeArchive = { maxUnpackedBytes: 1024 ** 3, maxMembers: 50_000 }
/** Modules are all of one build: some of them tell of the whole. */
const readModules = 20
/** The largest of what is read of a member. */
const maxReadBytes = 16 * 1024 ** 2

/**
 * The archive of modules beside a kernel on the host: that which is for its release, else the newest. Undefined where there is none
 * that can be read within the bounds. Files alone are looked at, links beside the kernel and in the archive are passed over.
 */
export async function modulesArchiveBeside(kernel: string, version: string): Promise<ModulesArchive | undefined> {
  const found: ModulesArchive[] = []
  for (const path of archivesBeside(kernel)) {
    const archive = await readModulesArchive(path)
    if (archive?.release === version) return archive
    if (archive) found.push(archive)
  }
  return found[0]
}

function archivesBeside(kernel: string): string[] {
  const folder = dirname(kernel)
  const files = globSync(archiveNames, { cwd: folder }).flatMap((name) => {
    const path = join(folder, name)
    const found = lstatSync(path, { throwIfNoEntry: false })
    return found?.isFile() && found.size <= maxPackedBytes ? [{ path, changedMs: found.mtimeMs }] : []
  })
  const newestFirst = files.sort((a, b) => b.changedMs - a.changedMs || a.path.localeCompare(b.path))
  return newestFirst.slice(0, maxArchives).map(({ path }) => path)
}

/** `lib/modules/RELEASE/…`, with or without what stands before it. */
const memberPath = /^(?:\.?\/)*(?:usr\/)?(lib\/modules\/([^/]+)\/.+)$/

/** Reads an archive of modules. Undefined for one that does not unpack, exceeds a bound, or holds none. */
export async function readModulesArchive(
  path: string,
  { maxUnpackedBytes, maxMembers } = wholeArchive,
): Promise<ModulesArchive | undefined> {
  const { extract } = await import('tar-stream')
  const reading = new ModulesReading(maxMembers)
  // What goes wrong ends the archive's own loop, too.
  const archive = pipeline(createReadStream(path), createGunzip(), upTo(maxUnpackedBytes), extract(), () => {})
  try {
    for await (const member of archive) {
      const { name, type, size = 0 } = member.header
      if (type === 'file' && reading.wants(name, size)) reading.take(name, await contentsOf(member))
      else member.resume()
    }
  } catch {
    return undefined
  }
  return reading.result(path)
}

/** Passes on what it is given, and breaks off where that is more than a bound. */
function upTo(maxBytes: number): Transform {
  let passedBytes = 0
  return new Transform({
    transform(chunk: Buffer, _, done) {
      passedBytes += chunk.length
      done(passedBytes > maxBytes ? new RangeError('The archive is larger than what is looked at.') : null, chunk)
    },
  })
}

async function contentsOf(member: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of member) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** What is gathered from the members of an archive. */
class ModulesReading {
  #membersLeft: number
  #read = 0
  #release: string | undefined
  #builtIn: string | undefined
  #configs: Buffer | undefined
  readonly #modules: InitramfsModule[] = []

  constructor(maxMembers: number) {
    this.#membersLeft = maxMembers
  }

  /** Whether the contents of a member tell something. Notes a module by its name. Throws RangeError for too many members. */
  wants(member: string, sizeBytes: number): boolean {
    if (this.#membersLeft-- === 0) throw new RangeError('The archive has more members than are looked at.')
    const [, path, release] = memberPath.exec(member) ?? []
    if (path === undefined) return false
    this.#release ??= release
    if (release !== this.#release) return false
    const name = moduleNameOf(basename(path))
    if (name !== undefined) this.#modules.push({ name, path, release: undefined })
    if (sizeBytes > maxReadBytes) return false
    return (
      basename(path) === 'modules.builtin' || name === 'configs' || (name !== undefined && this.#read < readModules)
    )
  }

  take(member: string, contents: Buffer): void {
    const file = basename(member)
    if (file === 'modules.builtin') {
      this.#builtIn = contents.toString('latin1')
      return
    }
    if (moduleNameOf(file) === 'configs') this.#configs = contents
    this.#read++
    const module = this.#modules.at(-1)
    if (module) module.release = moduleRelease(contents)
  }

  result(path: string): ModulesArchive | undefined {
    if (this.#release === undefined) return undefined
    return {
      path,
      release: this.#release,
      modules: this.#modules,
      builtIn: this.#builtIn,
      configs: this.#configs,
    }
  }
}
