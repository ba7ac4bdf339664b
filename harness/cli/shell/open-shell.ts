import { mkdtemp, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArchitectureName } from '../../model/architecture.ts'
import { EnvironmentFault, GuestFault } from '../../model/faults.ts'
import { formatDuration } from '../../model/quantities.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { ensureRunFolder } from '../../platform/process/run-folder.ts'
import { openAwaitedRegistry } from './awaited-registry.ts'
import type { OpenGuest, ShellEnvironment } from './guest-request.ts'
import type { ShellCall } from './shell-call.ts'
import { shellHelp } from './shell-options.ts'
import { printError, runCommand, runShell } from './terminal.ts'

type OpenCall = Exclude<ShellCall, { action: 'help' }>

/**
 * Opens a guest as the call asks, a shell in it, and returns the exit code. `startedMs`, on the clock of `performance.now`, is
 * when the user began to wait.
 */
export async function openShell(
  options: ShellCall,
  lifetime: Lifetime,
  startedMs = performance.now(),
): Promise<number> {
  if (options.action === 'help') {
    process.stdout.write(shellHelp())
    return 0
  }
  const guest = await openedGuest(options, lifetime)
  if (options.command !== undefined) return runCommand(guest, options.command)
  if (process.stdin.isTTY) process.stderr.write(welcome(guest, performance.now() - startedMs))
  return runShell(guest)
}

const welcome = ({ machine: { shape } }: OpenGuest, waitedMs: number): string =>
  `${shape.architecture.name} guest, ready in ${formatDuration(waitedMs)}. Leave it by "exit" or Ctrl-].\n`

/** A guest that does not come up leaves nothing to do, and its console says why. */
async function openedGuest(options: OpenCall, lifetime: Lifetime): Promise<OpenGuest> {
  try {
    return await guestOf(options, await openEnvironment(options, lifetime))
  } catch (error) {
    if (!(error instanceof GuestFault)) throw error
    const remedy = '--init-hang comes in before the image’s init.'
    throw new EnvironmentFault('E_NO_GUEST', `${error.message}\n${error.evidence}\n${remedy}`, { cause: error })
  }
}

async function guestOf(options: OpenCall, environment: ShellEnvironment): Promise<OpenGuest> {
  if (options.action === 'open') return (await import('./open-guest.ts')).openGuest(options, environment)
  const { openSnapshot } = await import('../../guest/prepare/kept-guest.ts')
  const { registry, folder: runFolder, lifetime } = environment
  const { admitQemu } = await import('../admit-qemu.ts')
  const admit = (name: ArchitectureName) => admitQemu(options.sandbox, [name], printError)
  return openSnapshot(options.folder, { tlsPort: registry.tlsPort, runFolder, admit }, lifetime)
}

async function openEnvironment(options: OpenCall, lifetime: Lifetime): Promise<ShellEnvironment> {
  const folder = await openShellFolder(lifetime)
  const mode = options.action === 'open' ? options.verify.registry : 'process'
  return { registry: await openAwaitedRegistry({ mode, folder, lifetime, printError }), folder, lifetime }
}

/** A folder in that of the run, which may be a verification's; where it is not, the run's goes too. */
async function openShellFolder(lifetime: Lifetime): Promise<string> {
  const runFolder = await ensureRunFolder()
  const folder = await mkdtemp(join(runFolder, 'shell-'))
  lifetime.defer(async () => {
    await rm(folder, { recursive: true, force: true })
    await rmdir(runFolder).catch(() => {})
  })
  return folder
}
