import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isNewEnough } from './node-version.mjs'
import { SetupFault } from './setup-fault.mjs'

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
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

/** A package that is optional is left out where it is for another system. @param {LockedPackage} locked @param {LockedPackage | undefined} installed */
const isInstalled = (locked, installed) =>
  installed
    ? installed.version === locked.version && installed.integrity === locked.integrity
    : locked.optional === true

/** @param {string} path @returns {Record<string, LockedPackage> | undefined} */
function readLock(path) {
  if (!existsSync(path)) return undefined
  try {
    return /** @type {Lock} */ (JSON.parse(readFileSync(path, 'utf8'))).packages
  } catch {
    return undefined
  }
}

/** Installs exactly what package-lock.json says. @param {string} project */
export function installPackages(project) {
  process.stderr.write('Set-up: installing npm packages.\n')
  const args = ['ci', '--include=dev', '--loglevel=error', '--no-progress']
  const { status, error } = spawnSync('npm', args, { cwd: project, stdio: ['ignore', 2, 2] })
  if (status !== 0)
    throw new SetupFault(
      `npm ci did not install the packages of package-lock.json: ${error?.message ?? `exit code ${status}`}.\n`,
    )
}

/**
 * Checks the Node that the npm package `node` brings; its install script fetches the program for this system.
 * @param {string} project
 */
export function requireOwnNode(project) {
  const { stdout } = spawnSync(ownNode(project), ['--version'], { encoding: 'utf8' })
  if (isNewEnough(stdout?.trim().replace('v', '') ?? '')) return
  throw new SetupFault(
    `The npm package "node" did not bring a Node program that runs here (${ownNode(project)}).\nIts install script may be turned off: npm config get ignore-scripts. Remove node_modules and run "npm ci --ignore-scripts=false".\n`,
  )
}

/** @param {string} project */
const ownNode = (project) => join(project, 'node_modules', '.bin', 'node')
