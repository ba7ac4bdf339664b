// Installs what the harness needs and is missing: system parts, npm packages. Plain JavaScript without dependencies,
// for Node 18: it runs before anything is installed. Done already, it costs about a tenth of a second.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installParts } from './install-parts.mjs'
import { missingParts } from './missing-parts.mjs'
import { arePackagesInstalled, installPackages, runsOwnNode } from './npm-packages.mjs'
import { SetupFault } from './setup-fault.mjs'
import { systemParts } from './system-parts.mjs'

const project = fileURLToPath(new URL('../../..', import.meta.url))

/** Two set-ups at once would take npm's folder from each other: the later waits for the earlier, up to half an hour. */
const lockWait = { seconds: 1800, exitCode: 75, variable: 'VPDMN_SETUP_LOCKED' }

/** `--for-tests` adds what only the harness's own tests use; `--yes` installs without a question. */
const isForTests = process.argv.includes('--for-tests')
const isRoot = process.getuid?.() === 0
const parts = systemParts.filter(
  ({ isForTestsOnly, isOptional, isWithoutRootOnly }) =>
    (isForTests || !isForTestsOnly) && (isRoot ? !isWithoutRootOnly : isForTests || !isOptional),
)

/** A package of another project was installed with all that it needs from npm. */
const isCheckout = existsSync(join(project, 'package-lock.json'))
const hasPackages = () => !isCheckout || (arePackagesInstalled(project) && runsOwnNode(project))
const isDone = () => missingParts(parts).length === 0 && hasPackages()

function setUp() {
  const missing = missingParts(parts)
  if (missing.length > 0) installAll(missing)
  if (hasPackages()) return
  installPackages(project)
}

/** What only tests use may stay missing, since they are skipped then, and what is optional. @param {typeof parts} missing */
function installAll(missing) {
  try {
    installParts(missing, { isConsented: process.argv.includes('--yes') })
  } catch (error) {
    const isNeeded = missingParts(missing).some(({ isForTestsOnly, isOptional }) => !isForTestsOnly && !isOptional)
    if (!(error instanceof SetupFault) || isNeeded) throw error
    process.stderr.write(`${error.message}The harness does without them; tests that use them are skipped.\n`)
  }
}

/** Does the set-up while no other does, by a lock on the project's folder; without flock(1), it is alone anyway. */
function setUpAlone() {
  if (process.env[lockWait.variable]) return setUp()
  const args = ['--timeout', String(lockWait.seconds), '--conflict-exit-code', String(lockWait.exitCode), project]
  const again = [process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2)]
  const environment = { ...process.env, [lockWait.variable]: '1' }
  const { status, error } = spawnSync('flock', [...args, ...again], { stdio: 'inherit', env: environment })
  if (error) return setUp()
  if (status === lockWait.exitCode)
    throw new SetupFault('Another set-up of this folder did not end within half an hour.\n')
  if (status !== 0) process.exit(status ?? 3)
}

try {
  if (!isDone()) setUpAlone()
} catch (error) {
  if (!(error instanceof SetupFault)) throw error
  process.stderr.write(error.message)
  process.exit(3)
}
