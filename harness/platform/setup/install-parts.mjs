import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { missingParts, missingText, packagesOf } from './missing-parts.mjs'
import { SetupFault } from './setup-fault.mjs'

const script = fileURLToPath(new URL('install-packages.sh', import.meta.url))

/**
 * Installs missing parts from Debian's packages. Throws SetupFault with the exact list where that cannot be.
 * @param {readonly import('./system-parts.mjs').SystemPart[]} missing
 */
export function installParts(missing) {
  if (!existsSync('/etc/debian_version'))
    throw new SetupFault(missingText(missing, 'this system is not Debian nor a relative of it'))
  const prefix = rootPrefix()
  if (!prefix) throw new SetupFault(missingText(missing, 'only root or sudo without a password may install them'))
  const packages = packagesOf(missing)
  const services = missing.flatMap(({ service }) => service ?? [])
  process.stderr.write(`Set-up: installing ${packages.join(', ')}.\n`)
  const command = [...prefix, 'sh', script, packages.join(' '), services.join(' ')]
  // Of what apt prints only warnings and errors are of interest; none may go to stdout, which may be a report.
  const { status } = spawnSync(/** @type {string} */ (command[0]), command.slice(1), { stdio: ['ignore', 'ignore', 2] })
  const left = missingParts(missing)
  if (left.length > 0)
    throw new SetupFault(missingText(left, `apt-get did not bring them (exit code ${status ?? 'none'})`))
}

/** What goes before a command that must run as root; undefined where nothing gives that right. */
function rootPrefix() {
  if (process.getuid?.() === 0) return []
  const asked = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' })
  return asked.status === 0 ? ['sudo', '-n'] : undefined
}
