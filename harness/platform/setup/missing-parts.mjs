import { accessSync, constants } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { toolPath } from './search-path.mjs'

/**
 * The parts whose proof is not found.
 * @param {readonly import('./system-parts.mjs').SystemPart[]} parts
 * @param {string} [path] as in PATH
 */
export function missingParts(parts, path = process.env.PATH ?? '') {
  const folders = toolPath(path).split(':')
  return parts.filter(({ proof }) => !isPresent(proof, folders))
}

/** @param {string} proof @param {readonly string[]} folders */
const isPresent = (proof, folders) =>
  isAbsolute(proof)
    ? isAllowed(proof, constants.R_OK)
    : folders.some((folder) => isAllowed(join(folder, proof), constants.X_OK))

/** @param {string} path @param {number} mode */
function isAllowed(path, mode) {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

/**
 * The list for a user who must install by hand: program, package, purpose, and the command that does it.
 * @param {readonly import('./system-parts.mjs').SystemPart[]} missing
 * @param {string} reason why set-up does not install them itself
 */
export function missingText(missing, reason) {
  const width = Math.max(...missing.map(({ proof }) => proof.length)) + 2
  const lines = missing.map((part) => `  ${part.proof.padEnd(width)}${part.purpose} (Debian package ${part.package})\n`)
  return `These system parts are missing, and ${reason}:\n${lines.join('')}Install them and run again. On Debian and its derivatives, as root:\n  apt-get update && apt-get install --no-install-recommends ${packagesOf(missing).join(' ')}\n`
}

/** @param {readonly import('./system-parts.mjs').SystemPart[]} parts */
export const packagesOf = (parts) => [...new Set(parts.map((part) => part.package))]
