import { spawnSync } from 'node:child_process'
import { existsSync, readSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { missingParts, missingText, packagesOf } from './missing-parts.mjs'
import { SetupFault } from './setup-fault.mjs'

const script = fileURLToPath(new URL('install-packages.sh', import.meta.url))

/**
 * Installs missing parts from Debian's packages; at a terminal, only with the user's consent. Throws SetupFault with the exact list
 * where that cannot be.
 * @param {readonly import('./system-parts.mjs').SystemPart[]} missing
 * @param {{ isConsented: boolean }} options
 */
export function installParts(missing, { isConsented }) {
  if (!existsSync('/etc/debian_version'))
    throw new SetupFault(missingText(missing, 'this system is neither Debian nor a derivative of it'))
  const prefix = rootPrefix()
  if (!prefix) throw new SetupFault(missingText(missing, 'only root or sudo without a password may install them'))
  const packages = packagesOf(missing)
  if (!isConsented && process.stdin.isTTY && !hasConsent(packages))
    throw new SetupFault(missingText(missing, 'you declined the installation'))
  const services = missing.flatMap(({ service }) => service ?? [])
  process.stderr.write(`Set-up: installing ${packages.join(', ')}.\n`)
  const command = [...prefix, 'sh', script, packages.join(' '), services.join(' ')]
  // Of what apt prints only warnings and errors are of interest; none may go to stdout, which may be a report.
  const { status } = spawnSync(/** @type {string} */ (command[0]), command.slice(1), { stdio: ['ignore', 'ignore', 2] })
  const left = missingParts(missing)
  if (left.length > 0)
    throw new SetupFault(missingText(left, `apt-get did not install them (exit code ${status ?? 'none'})`))
}

/** @param {readonly string[]} packages */
function hasConsent(packages) {
  process.stderr.write(`Set-up needs these system packages: ${packages.join(', ')}.\nInstall them with apt-get? [Y/n] `)
  const answer = Buffer.alloc(100)
  return isConsent(answer.toString('utf8', 0, readSync(0, answer)))
}

/** An empty line agrees; the end of the input does not. @param {string} answer */
export const isConsent = (answer) => /^(y|yes)?\n$/i.test(answer.replace(/[ \t\r]/g, ''))

/** What goes before a command that must run as root; undefined where nothing gives that right. */
function rootPrefix() {
  if (process.getuid?.() === 0) return []
  const asked = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' })
  return asked.status === 0 ? ['sudo', '-n'] : undefined
}
