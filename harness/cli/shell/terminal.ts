import { text } from 'node:stream/consumers'
import { type ExecResult, guestBusybox, toolFolder } from '../../guest/guest-agent.ts'
import type { RunningGuest } from '../../machine/start-guest.ts'
import { printable } from '../../model/printable.ts'
import { GuestEnded, unlessEnded } from './guest-ending.ts'
import type { OpenGuest } from './guest-request.ts'

/** Nobody sits at a shell for longer; the bound is there so that a forgotten one ends. */
const sessionTimeoutMs = 24 * 60 * 60 * 1000
/** Ctrl-], as telnet has it. */
const leaveByte = 0x1d

const terminalTimeoutMs = 10_000

/** Exit code where the guest ended before what ran in it, as ssh(1) has it for a connection that ended. */
const guestEndedCode = 255

/**
 * A shell on the guest's console, joined to this terminal until the shell ends or Ctrl-] is typed. Where stdin is no
 * terminal, what comes from it is run as a script. Returns the exit code.
 */
export async function runShell(guest: OpenGuest): Promise<number> {
  if (!process.stdin.isTTY) return runScript(guest, await text(process.stdin))
  const { machine, agent } = guest
  const leave = joinTerminal(machine)
  const device = `/dev/${machine.shape.architecture.console}`
  // A guest that has just ended has no size to set.
  const resize = () =>
    void agent.exec(guestBusybox, ['sh', '-c', sizeScript(device)], { timeoutMs: terminalTimeoutMs }).catch(() => {})
  process.stdout.on('resize', resize)
  try {
    const sitting = agent.exec(guestBusybox, ['sh', '-c', sessionScript(device)], session())
    await Promise.race([unlessEnded(machine, sitting), leave.asked])
    process.stdout.write('\r\n')
    return 0
  } catch (error) {
    if (!(error instanceof GuestEnded)) throw error
    printError(`\n${error.message}`)
    return error.isPanic ? guestEndedCode : 0
  } finally {
    process.stdout.off('resize', resize)
    leave.end()
  }
}

/** Runs one command in the image's shell; its output goes where ours goes. Returns its exit code. */
export const runCommand = (guest: OpenGuest, command: string): Promise<number> =>
  passOn(guest, guest.agent.shell(command, { timeoutMs: sessionTimeoutMs, environment: { PATH: searchPath } }))

const runScript = (guest: OpenGuest, script: string): Promise<number> =>
  passOn(
    guest,
    guest.agent.exec('/bin/sh', [], {
      input: script,
      timeoutMs: sessionTimeoutMs,
      environment: { PATH: searchPath },
    }),
  )

async function passOn({ machine }: OpenGuest, running: Promise<ExecResult>): Promise<number> {
  try {
    const { stdout, stderr, exitCode } = await unlessEnded(machine, running)
    process.stdout.write(stdout)
    process.stderr.write(stderr)
    return exitCode
  } catch (error) {
    if (!(error instanceof GuestEnded)) throw error
    printError(error.isPanic ? `${machine.console.end()}\n${error.message}` : error.message)
    return guestEndedCode
  }
}

/** Says something beside what the guest prints. */
export function printError(sentence: string): void {
  const lineEnd = process.stdin.isRaw ? '\r\n' : '\n'
  process.stderr.write(`${printable(sentence).replaceAll('\n', lineEnd)}${lineEnd}`)
}

const searchPath = `/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${toolFolder}`

const session = () => ({
  timeoutMs: sessionTimeoutMs,
  environment: { TERM: process.env.TERM ?? 'dumb', PS1: '\\w # ', PATH: searchPath },
})

/** What is typed goes to the console, what the console prints comes here, both as bytes. */
function joinTerminal(guest: RunningGuest) {
  let ask: () => void = () => {}
  const asked = new Promise<void>((resolve) => {
    ask = resolve
  })
  const type = (bytes: Buffer) => (bytes.includes(leaveByte) ? ask() : guest.keyboard.write(bytes))
  const show = (bytes: Buffer) => process.stdout.write(bytes)
  process.stdin.setRawMode(true).on('data', type).resume()
  guest.screen.on('data', show)
  const end = () => {
    guest.screen.off('data', show)
    process.stdin.off('data', type).setRawMode(false).pause()
  }
  return { asked, end }
}

/** The image's shell in a session of its own, so that Ctrl-C and job control work; a static one where the image has none. */
const sessionScript = (device: string): string => `exec < ${device} > ${device} 2>&1
${guestBusybox} dmesg -n 1
${guestBusybox} stty sane ${size()}
cd /root 2> /dev/null || cd /
for shell in /bin/bash /bin/sh; do
  if [ -x $shell ]; then exec ${guestBusybox} setsid -c $shell -i; fi
done
exec ${guestBusybox} setsid -c ${guestBusybox} sh -i`

const sizeScript = (device: string): string => `${guestBusybox} stty ${size()} < ${device}`

const size = (): string => `rows ${process.stdout.rows || 24} cols ${process.stdout.columns || 80}`
