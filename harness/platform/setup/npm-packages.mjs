import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isNewEnough } from './node-version.mjs'
import { SetupFault } from './setup-fault.mjs'

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lock
 */

/**
 * Whether what is installed is what package-lock.json says. npm keeps the same list of what it installed in
 * node_modules/.package-lock.json (npm help package-lock-json, "Hidden Lockfiles").
 * @param {string} project
 */
export function arePackagesInstalled(project) {
  const installed = readLock(join(project, 'node_modules', '.package-lock.json'))
  const wanted = readLock(join(project, 'package-lock.json'))
  if (!installed || !wanted) return false
  return Object.entries(wanted).every(([path, locked]) => path === '' || isInstalled(locked, installed[path]))
}

/** A package that is optional may be left out, but not the native part of a library for just this system. @param {LockedPackage} locked @param {LockedPackage | undefined} installed */
const isInstalled = (locked, installed) =>
  installed
    ? installed.version === locked.version && installed.integrity === locked.integrity
    : locked.optional === true && !isMadeForThisSystem(locked)

/** @param {LockedPackage} locked */
const isMadeForThisSystem = ({ os, cpu, libc = ['glibc'] }) =>
  os?.includes(process.platform) && cpu?.includes(process.arch) && libc.includes('glibc')

/** @param {string} path @returns {Record<string, LockedPackage> | undefined} */
function readLock(path) {
  if (!existsSync(path)) return undefined
  try {
    return /** @type {Lock} */ (JSON.parse(readFileSync(path, 'utf8'))).packages
  } catch {
    return undefined
  }
}

/**
 * Installs exactly what package-lock.json says. npm leaves out an optional package, such as a library's native part,
 * where the Node that runs npm is too old for it: the second call, under the project's own Node, brings those.
 * @param {string} project
 */
export function installPackages(project) {
  process.stderr.write('Set-up: installing npm packages.\n')
  npm(project, ['ci'], process.env.PATH)
  requireOwnNode(project)
  npm(project, ['install', '--no-save'], `${dirname(ownNode(project))}:${process.env.PATH}`)
}

/** @param {string} project @param {string[]} command @param {string | undefined} path */
function npm(project, command, path) {
  const args = [...command, '--include=dev', '--loglevel=error', '--no-progress']
  // An npm that is older than the Node under it (Debian 12 has npm 9) uses what that Node has deprecated.
  const env = { ...process.env, PATH: path, NODE_NO_WARNINGS: '1' }
  // What it says on stdout counts packages; errors go to stderr, and stdout may be a report.
  const { status, error } = spawnSync('npm', args, { cwd: project, env, stdio: ['ignore', 'ignore', 2] })
  if (status !== 0)
    throw new SetupFault(
      `npm ${command[0]} did not install the packages of package-lock.json: ${error?.message ?? `exit code ${status}`}.\n`,
    )
}

/**
 * Whether the Node of the npm package `node` runs; the package's install script fetches the program for this system.
 * @param {string} project
 */
export function runsOwnNode(project) {
  const { stdout } = spawnSync(ownNode(project), ['--version'], { encoding: 'utf8' })
  return isNewEnough(stdout?.trim().replace('v', '') ?? '')
}

/** @param {string} project */
const ownNode = (project) => join(project, 'node_modules', '.bin', 'node')

/** Throws SetupFault where the packages are installed and their Node does not run all the same. @param {string} project */
function requireOwnNode(project) {
  if (runsOwnNode(project)) return
  throw new SetupFault(
    `The npm package "node" installed no Node that runs here (${ownNode(project)}).\nWhere install scripts are turned off ("npm config get ignore-scripts"), run "npm rebuild node --ignore-scripts=false".\n`,
  )
}
