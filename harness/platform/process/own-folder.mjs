// Plain JavaScript, since compiled code is looked for in such a folder before any TypeScript is loaded.
import { lstatSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Bits of a mode by which the group and others may write, and by which only owners may rename and remove (inode(7)). */
const writableByOthers = 0o022
const writableByAll = 0o002
const sticky = 0o1000

/**
 * Makes a folder that nobody but this user may write to, with all above it, or finds it. Returns what is wrong with one that is
 * there, for the middle of a sentence; undefined where nothing is. What is put into a folder of another's, they exchange for a
 * link, and what they put into it is believed.
 * @param {string} path
 * @param {number} mode of a new folder
 * @returns {string | undefined}
 */
export function openOwnFolder(path, mode) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
  }
  return complaintOf(path)
}

/** @param {string} path */
function complaintOf(path) {
  const user = process.geteuid?.()
  // A link may be this user's own; where it leads to must be so too.
  for (const status of [lstatSync(path), statSync(path, { throwIfNoEntry: false })]) {
    if (!status) return 'is a link to nothing'
    if (status.uid !== user) return `belongs to user ${status.uid}, not to ${user}`
  }
  const { mode } = statSync(path)
  if (!statSync(path).isDirectory()) return 'is no folder'
  if (mode & writableByOthers) return `may be written to by others (mode ${(mode & 0o7777).toString(8)})`
  const parent = dirname(path)
  const parentMode = statSync(parent).mode
  if (parentMode & writableByAll && !(parentMode & sticky))
    return `may be exchanged by anybody, as may all in ${parent}`
  return undefined
}
