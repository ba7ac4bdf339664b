import type { FileTree } from '../file-tree.ts'
import { shippedShell } from '../shell/shipped-shell.ts'

/** Programs that are many in one, by a text that each has and no other program (BusyBox applets/usage, toybox main.c). */
const marks = [
  { name: 'BusyBox', mark: 'BusyBox v' },
  { name: 'toybox', mark: 'toybox %s' },
] as const

/** A program of one purpose may be smaller than this; one of many is not, and its copy has a name that tells nothing. */
const smallestBytes = 128 * 1024
const maxProgramBytes = 8 * 1024 * 1024
const maxWrapperBytes = 4096
const wrapper = /^#!.*\n(?:.*\n)*?\s*(?:exec\s+)?(?:\S*\/)?(busybox|toybox)\s/

/** The program of many that a path is an applet of, by link, hard link, copy or wrapper; undefined for any other program. */
export function multiCallProgram(files: FileTree, path: string): string | undefined {
  const entry = files.findFile(path)
  if (entry === undefined) return undefined
  if (shippedShell(files, path)?.name === 'busybox' || /^busybox/.test(entry.name)) return 'BusyBox'
  const { sizeBytes } = entry.inode
  if (sizeBytes <= maxWrapperBytes) return wrapper.exec(files.text(path) ?? '')?.[1]
  if (sizeBytes < smallestBytes || sizeBytes > maxProgramBytes) return undefined
  const content = files.readIfWhole(entry, 0, sizeBytes)
  return marks.find(({ mark }) => content?.includes(mark, 0, 'latin1'))?.name
}
