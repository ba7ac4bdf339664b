import { isAbsolute } from 'node:path'

/** Where Debian keeps administrators' programs, such as mke2fs, which a plain user's path leaves out. */
const administratorFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/**
 * A search path as in PATH, with all folders in which set-up and harness look for tools, each once. A folder that depends on
 * where one stands is left out.
 * @param {string} [path]
 */
export const toolPath = (path = process.env.PATH ?? '') =>
  [...new Set([...path.split(':').filter(isAbsolute), ...administratorFolders])].join(':')
