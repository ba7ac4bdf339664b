import type { ImageFile } from '../image/image-file.ts'
import { type OpenedImage, openImage } from '../image/open-image.ts'
import { readable } from '../image/readable.ts'
import type { ArchitectureName } from '../model/architecture.ts'
import type { Profile } from '../profile/profile.ts'
import { type EffectiveConfiguration, effectiveConfiguration } from './configuration/effective.ts'
import { FileTree } from './file-tree.ts'
import { type InitScripts, readInitScripts } from './init/init-scripts.ts'
import { noKernel } from './kernel/read-shipped-kernel.ts'
import type { KernelOfImage } from './kernel/shipped-kernel.ts'
import { type PackageDatabase, readPackageDatabase } from './packages/package-database.ts'
import { architectureOf } from './programs/image-architecture.ts'
import { findPodman, type PodmanProgram } from './programs/podman-program.ts'
import { type ElfFile, findPrograms, type ScriptFile } from './programs/programs.ts'
import { checkSyntax, type SyntaxVerdict } from './shell/check-syntax.ts'

/** An image whose files are known: what the static checks look at. */
export interface InspectedImage extends OpenedImage {
  arch: ArchitectureName
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
  /** The kernel that the user gave for it. */
  kernel: KernelOfImage
}

/**
 * Reads an image's ELF files, init and configuration, by the profile's names for them. It may have been opened before, so
 * that its data is decoded meanwhile; where this fails it is closed. Throws CallFault for metadata that does not decode
 * and for an architecture that is not supported.
 */
export async function inspectImage(
  file: ImageFile,
  profile: Profile,
  opened: OpenedImage = openImage(file),
): Promise<InspectedImage> {
  try {
    const files = new FileTree(opened.squashfs.tree, opened.squashfs.content)
    const init = readInitScripts(files, profile.init)
    // The shells read while this thread goes on; a fault of theirs is thrown where they are awaited.
    const syntax = checkSyntax(files, init)
    syntax.catch(() => {})
    const { elfFiles, scripts } = readable(file, () => findPrograms(files))
    const arch = architectureOf(file, elfFiles)
    const packageDatabase = readPackageDatabase(files)
    const podman = findPodman(files, packageDatabase)
    const podmanEnvironment = { files, podman, environment: init.environment }
    return {
      ...opened,
      arch,
      files,
      elfFiles,
      scripts,
      packageDatabase,
      podman,
      init,
      syntax: await syntax,
      configuration: effectiveConfiguration(podmanEnvironment),
      kernel: { notRead: noKernel },
    }
  } catch (error) {
    opened.close()
    throw error
  }
}
