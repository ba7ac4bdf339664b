import type { ArchitectureName } from '../architecture.ts'
import type { ImageFile } from '../image/image-file.ts'
import { type DecodeReport, decodeAllData } from '../image/squashfs/decode-data.ts'
import { openSquashfs, type Squashfs } from '../image/squashfs/squashfs.ts'
import type { Profile } from '../profile/profile.ts'
import { type EffectiveConfiguration, effectiveConfiguration } from './configuration/effective.ts'
import { FileTree } from './file-tree.ts'
import { architectureOf } from './image-architecture.ts'
import { type InitScripts, readInitScripts } from './init-scripts.ts'
import { type PackageDatabase, readPackageDatabase } from './packages/package-database.ts'
import { findPodman, type PodmanProgram } from './podman-program.ts'
import { type ElfFile, findPrograms, type ScriptFile } from './programs.ts'
import { readable } from './readable.ts'
import { checkSyntax, type SyntaxVerdict } from './shell/check-syntax.ts'

/** An image whose files are known: what the static checks look at. */
export interface InspectedImage {
  file: ImageFile
  arch: ArchitectureName
  squashfs: Squashfs
  files: FileTree
  /** ELF files by real path. */
  elfFiles: ReadonlyMap<string, ElfFile>
  /** Executable scripts. */
  scripts: readonly ScriptFile[]
  /** Undefined where the image has none. */
  packageDatabase: PackageDatabase | undefined
  /** Undefined where no podman is found. */
  podman: PodmanProgram | undefined
  init: InitScripts
  /** What the shipped shell says about init's scripts. */
  syntax: readonly SyntaxVerdict[]
  /** By the rules of the image's podman; by those of podman 5 where there is none. */
  configuration: EffectiveConfiguration
  /** Settles when all data has been decoded; never rejects for the image's sake. */
  decoded: Promise<DecodeReport>
  /** What `decoded` gave, once it has. */
  decodeReport: DecodeReport | undefined
  /** Ends the decoding and closes the file. */
  close(): void
}

/**
 * Reads an image's listing, ELF files, init and configuration, by the profile's names for them; its data goes on being decoded in the background. Throws
 * CallFault for metadata that does not decode and for an architecture that is not supported.
 */
export async function inspectImage(file: ImageFile, profile: Profile): Promise<InspectedImage> {
  const squashfs = openReadable(file)
  const stop = new AbortController()
  const close = () => {
    stop.abort()
    squashfs.close()
  }
  try {
    const decoded = decodeAllData(squashfs, file.path, stop.signal)
    const files = new FileTree(squashfs.tree, squashfs.content)
    const init = readInitScripts(files, profile.init)
    // The shells read while this thread goes on; a fault of theirs is thrown where they are awaited.
    const syntax = checkSyntax(files, init)
    syntax.catch(() => {})
    const { elfFiles, scripts } = readable(file, () => findPrograms(files))
    const arch = architectureOf(file, elfFiles)
    const packageDatabase = readPackageDatabase(files)
    const podman = findPodman(files, packageDatabase)
    const surroundings = { files, era: podman?.era ?? 5, environment: init.environment } as const
    const image: InspectedImage = {
      file,
      arch,
      squashfs,
      files,
      elfFiles,
      scripts,
      packageDatabase,
      podman,
      init,
      syntax: await syntax,
      configuration: effectiveConfiguration(surroundings),
      decoded,
      decodeReport: undefined,
      close,
    }
    void decoded.then((report) => {
      image.decodeReport = report
    })
    return image
  } catch (error) {
    close()
    throw error
  }
}

const openReadable = (file: ImageFile): Squashfs => readable(file, () => openSquashfs(file.path))
