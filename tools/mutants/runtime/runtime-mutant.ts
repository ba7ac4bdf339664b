import type { ImageTree } from '../../../harness/image/variant/image-tree.ts'
import { otherArchitecture } from '../../../harness/model/architecture.ts'

/** An image whose podman behaves otherwise than it should, and what of the podman suite must see it. */
export interface RuntimeMutant {
  id: string
  happens: string
  tree: (tree: ImageTree) => void
  fails: readonly string[]
  /** Requirements that are looked at too and must not fail. */
  beside: readonly string[]
}

/** Puts a shell script in a program's place, in which `"$genuine"` is the program. */
export const wrapProgram = (path: string, lines: string) => (tree: ImageTree) => {
  const genuine = `${path}.genuine`
  tree.move(path, genuine)
  tree.write(path, `#!/bin/sh\ngenuine=${genuine}\n${lines}\n`, 0o755)
}

/** The same for podman, whose script sees every command but those that conmon gives when a container ends. */
export const wrapPodman = (lines: string) => wrapProgram('/usr/bin/podman', lines)

/** A podman that gives one command of its own, and is genuine for all others. */
export const wrapCommand = (command: string, lines: string) =>
  wrapPodman(`[ "$1" = ${command} ] || exec "$genuine" "$@"\nshift\n${lines}`)

/** The architecture that this image is not for, as images name it. */
export const otherPlatform = (tree: ImageTree): string => otherArchitecture(tree.arch).oci
