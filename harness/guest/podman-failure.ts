import { elfMagic } from '../image/file-magic.ts'
import { exitCodeWords } from '../machine/console/illegal-instruction.ts'
import type { RunningGuest } from '../machine/start-guest.ts'
import { GuestFault } from '../model/faults.ts'
import { firewallRefusals, isOfFirewall, type Refusal } from './firewall-probes.ts'
import { type ExecResult, type GuestAgent, guestBusybox } from './guest-agent.ts'

/** Time for one more look at a guest in which podman failed; a failing command takes a few seconds under emulation. */
const lookTimeoutMs = 60_000
const debugLines = 60
const kernelLines = 20

export interface FailedCommand {
  agent: GuestAgent
  machine: RunningGuest
  args: readonly string[]
  result: ExecResult
}

/** What was found out in the guest about a failure. */
interface Diagnosis {
  words: string
  remedy: string
}

/**
 * The fault of a podman command that had to succeed: podman's words, what the guest tells beyond them, and as evidence the same
 * command's debug lines (conmon's among them), the kernel's log and the console. Commands that fail in the same words
 * share one fault.
 */
export async function podmanFailure(failed: FailedCommand): Promise<GuestFault> {
  const { args, result, machine } = failed
  const said = result.stderr.toString('utf8').trim()
  const ending = result.timedOut ? 'did not end in time' : `ended with ${exitCodeWords(result.exitCode)}`
  const diagnosis = await unlessSilent(() => diagnose(failed.agent, said))
  const evidence = (await unlessSilent(() => lookAgain(failed))) ?? ''
  const message = `podman ${args.join(' ')} ${ending}: ${said}${diagnosis ? ` ${diagnosis.words}` : ''}`
  const fault = new GuestFault(message, [evidence, machine.console.end()].filter((text) => text !== '').join('\n\n'))
  if (diagnosis) fault.remedy = diagnosis.remedy
  const reason = reasonOf(said)
  if (result.timedOut || reason === undefined) return fault
  return Object.assign(fault, { shared: { key: `podman: ${reason}`, signature: `podman: ${reason}` } })
}

/** What the agent says of a podman that cannot be started, with the loader or interpreter that is missing. */
export async function startFailure(agent: GuestAgent, fault: GuestFault): Promise<GuestFault> {
  if (!/No such file or directory/.test(fault.message)) return fault
  const missing = await unlessSilent(() => missingInterpreter(agent, [podmanPath]))
  if (missing === undefined) return fault
  const explained = new GuestFault(`${fault.message} ${missing.words}`, fault.evidence, { cause: fault })
  explained.remedy = missing.remedy
  return explained
}

const podmanPath = '/usr/bin/podman'

/** podman's error without what differs from one command to the next: ids, numbers, names in quotes. */
export function reasonOf(said: string): string | undefined {
  const error = said.split('\n').findLast((line) => /^Error: /.test(line))
  return error?.replaceAll(/"[^"]*"|`[^`]*'|\b[0-9a-f]{12,64}\b|\d+/g, '#')
}

/** A guest that does not answer any more has nothing to add. */
async function unlessSilent<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof GuestFault) return undefined
    throw error
  }
}

async function diagnose(agent: GuestAgent, said: string): Promise<Diagnosis | undefined> {
  const missing = await missingInterpreter(agent, pathsIn(said))
  if (missing) return missing
  if (!isOfFirewall(said)) return undefined
  const refusals = await firewallRefusals(agent, said)
  return refusals.length === 0 ? undefined : refusalDiagnosis(refusals)
}

export function refusalDiagnosis(refusals: readonly Refusal[]): Diagnosis {
  const options = [...new Set(refusals.map(({ option }) => option))]
  const [first] = refusals
  return {
    words: `In this guest ${refusals.map(({ tool, name }) => `${tool}’s ${name}`).join(', ')} ${refusals.length === 1 ? 'is' : 'are'} refused (${first?.said}).`,
    remedy: `Enable ${options.join(', ')} in the kernel, or load the module in the initramfs.`,
  }
}

/** `exec` says that a file is not there also where it is its loader, or its interpreter, that is not (execve(2), ENOENT). */
const notFound = /(\/[\w./+-]+)[`'"”]?:? (?:\()?no such file or directory/gi
const headBytes = 4096

/** Of conmon and crun podman only tells that nothing came back from them. */
const silent = /no logs from conmon|conmon bytes|OCI runtime/
const silentPrograms = ['/usr/bin/crun', '/usr/bin/conmon']

export const pathsIn = (said: string): string[] => [
  ...[...said.matchAll(notFound)].map(([, path = '']) => path),
  ...(silent.test(said) ? silentPrograms : []),
]

async function missingInterpreter(agent: GuestAgent, paths: readonly string[]): Promise<Diagnosis | undefined> {
  for (const path of paths) {
    const { stdout, exitCode } = await agent.exec(guestBusybox, ['head', '-c', String(headBytes), path], {
      timeoutMs: lookTimeoutMs,
    })
    const interpreter = exitCode === 0 ? interpreterIn(stdout) : undefined
    if (interpreter === undefined) continue
    const { exitCode: isMissing } = await agent.exec(guestBusybox, ['test', '-e', interpreter.path])
    if (isMissing !== 0)
      return {
        words: `${path} is there; its ${interpreter.kind} ${interpreter.path} is not.`,
        remedy: `Install ${interpreter.path}, or a ${path} that is made for what the image has.`,
      }
  }
  return undefined
}

/** What a program is started by, from its first bytes: the loader of an ELF file, or what stands behind `#!`. */
export function interpreterIn(head: Buffer): { kind: 'loader' | 'interpreter'; path: string } | undefined {
  const text = head.toString('latin1')
  const [, script] = /^#![ \t]*(\S+)/.exec(text) ?? []
  if (script !== undefined) return { kind: 'interpreter', path: script }
  const [, loader] = text.startsWith(elfMagic) ? (/(\/[\w./-]*\/ld[\w.-]*\.so[\w.]*)\0/.exec(text) ?? []) : []
  return loader === undefined ? undefined : { kind: 'loader', path: loader }
}

/** Gives the command once more with podman's debug lines, among which are conmon's, and reads the kernel's log. */
async function lookAgain({ agent, args, result }: FailedCommand): Promise<string> {
  const debug = result.timedOut
    ? ''
    : (await agent.exec('podman', ['--log-level=debug', ...args], { timeoutMs: lookTimeoutMs })).stderr.toString('utf8')
  const kernel = await agent.exec(guestBusybox, ['dmesg'], { timeoutMs: lookTimeoutMs })
  const parts = [
    { title: `podman --log-level=debug ${args.join(' ')}, given once more`, text: lastLines(debug, debugLines) },
    { title: 'end of the kernel log', text: lastLines(kernel.stdout.toString('utf8'), kernelLines) },
  ]
  return parts
    .filter(({ text }) => text !== '')
    .map(({ title, text }) => `--- ${title}\n${text}`)
    .join('\n')
}

const lastLines = (text: string, count: number): string => text.trimEnd().split('\n').slice(-count).join('\n')
