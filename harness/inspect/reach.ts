import { type Entry, pathOf } from '../image/squashfs/tree.ts'
import type { InspectedImage } from './inspect-image.ts'
import { helperFolders } from './programs/helper-folders.ts'

/**
 * Folders in which packages keep tools, data and libraries of their own (file-hierarchy(7)). Of alternatives those that run
 * are reached by the links on the search path; the rest are manual pages, which small images leave out.
 */
const packageFolders = /^\/(usr\/(share|lib\w*|include|src)|lib\w*|opt|etc\/alternatives)\//

/**
 * Whether something opens a path without being told to: a folder of packages counts where commands or the engine's helpers
 * are looked up in it, or where init names the path.
 */
export function isWithinReach(image: InspectedImage, entry: Entry): boolean {
  const { files, init } = image
  const path = pathOf(entry)
  if (!packageFolders.test(path) || init.mentions(path)) return true
  const folder = path.slice(0, path.lastIndexOf('/'))
  return [...init.searchPath, ...helperFolders(image)].some((one) => files.resolve(one).path === folder)
}
