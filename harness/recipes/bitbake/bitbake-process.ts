import { type ChildProcess, spawn } from 'node:child_process'
import { delimiter } from 'node:path'
import { EnvironmentFault } from '../../model/faults.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { runTool } from '../../platform/process/run-tool.ts'
import { readToEnd } from './read-to-end.ts'

/** One call of bitbake in a build folder. */
export interface BitbakeProcess {
  args: readonly string[]
  buildDir: string
  /** Bound on the whole call, in milliseconds. */
  timeoutMs: number
  /** Return what it prints instead of showing it. */
  keepOutput?: boolean
}

export interface BitbakeEnd {
  /** Null when a signal ended it. */
  exitCode: number | null
  output: string
  timedOut: boolean
}

/**
 * Runs bitbake to its end. What it shows goes to stderr; with a terminal on stdin and stderr that is its live display. It is in
 * a session of its own, so that Ctrl-C reaches it through the lifetime alone, once; where this process is killed, the kernel
 * interrupts it in the same way, and its server ends with it. Throws EnvironmentFault when it cannot be started.
 */
export async function runBitbake(call: BitbakeProcess, lifetime: Lifetime): Promise<BitbakeEnd> {
  const child = spawn('setpriv', ['--pdeathsig', 'INT', '--', 'bitbake', ...call.args], {
    cwd: call.buildDir,
    detached: true,
    env: { ...process.env, PATH: pathOfCaller(process.env.PATH) },
    stdio: [process.stdin.isTTY ? 'inherit' : 'ignore', call.keepOutput ? 'pipe' : 2, 2],
  })
  const ended = endOf(child)
  const output = child.stdout ? readToEnd(child.stdout) : ''
  const interrupted = () => interrupt(child, ended, call.buildDir)
  const release = lifetime.defer(interrupted, 'bitbake, whose running tasks end')
  const timer = { passed: false }
  const timeout = setTimeout(() => {
    timer.passed = true
    void release()
  }, call.timeoutMs)
  const exitCode = await ended.finally(() => clearTimeout(timeout))
  await release()
  return { exitCode, output: await output, timedOut: timer.passed }
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('exit', (exitCode) => resolve(exitCode))
    child.once('error', (cause) =>
      reject(new EnvironmentFault('E_TOOL', 'bitbake could not be started through setpriv (util-linux).', { cause })),
    )
  })
}

/** npm puts folders with programs of ours before the path, which are none of the build's business. */
const pathOfCaller = (path = ''): string =>
  path
    .split(delimiter)
    .filter((folder) => !folder.includes('/node_modules'))
    .join(delimiter)

/** Running tasks may be compilers and packers: they get this long to end. */
const tasksEndMs = 60_000
/** The second signal stops them. */
const stopMs = 30_000
/** A client that is killed leaves its server, which holds the build folder's lock for half a minute. */
const serverEndMs = 40_000

/** Ends bitbake as its users do: SIGINT lets running tasks end, a second one stops them (BitBake User Manual, 1.5). */
async function interrupt(child: ChildProcess, ended: Promise<unknown>, buildDir: string): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  for (const [signal, boundMs] of [
    ['SIGINT', tasksEndMs],
    ['SIGINT', stopMs],
    ['SIGKILL', stopMs],
  ] as const) {
    child.kill(signal)
    if (await endsWithin(ended, boundMs)) break
  }
  if (child.signalCode === 'SIGKILL') await runTool('bitbake', ['-m'], { cwd: buildDir, timeoutMs: serverEndMs })
}

async function endsWithin(ended: Promise<unknown>, boundMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(resolve, boundMs, false)
  return Promise.race([ended.then(() => true), promise]).finally(() => clearTimeout(timer))
}
