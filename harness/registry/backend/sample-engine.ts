import { existsSync } from 'node:fs'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EnvironmentFault } from '../../model/faults.ts'
import type { Lifetime } from '../../platform/process/lifetime.ts'
import { runTool } from '../../platform/process/run-tool.ts'
import { type Child, startChild } from '../../platform/process/start-child.ts'
import { missingParts } from '../../platform/setup/missing-parts.mjs'
import { systemParts } from '../../platform/setup/system-parts.mjs'
import { containerEngine } from './container-engine.ts'

/** Measured 1 s on an idle machine. */
const startLimitMs = 60_000
/** dockerd ends its containerd first; measured 0.5 s. */
const endLimitMs = 20_000
const pauseMs = 50
const bridge = 'docker0'

/**
 * For tests: sees to it that testcontainers finds an engine in this process. Where none answers, Docker is started for
 * the lifetime, with its data in a folder of its own and without a rule in this machine's firewall. Returns why there
 * is none, in words for a skip, or undefined.
 */
export async function ensureSampleEngine(lifetime: Lifetime): Promise<string | undefined> {
  try {
    // testcontainers reads where to look only once, so that it may not be asked before the engine is there.
    if (startObstacle() || (await isEngineExpected())) await containerEngine()
    else process.env.DOCKER_HOST = await startEngine(lifetime)
    return undefined
  } catch (error) {
    if (!(error instanceof EnvironmentFault)) throw error
    return [error.message, startObstacle()].join(' ').trim()
  }
}

const isEngineExpected = async (): Promise<boolean> =>
  process.env.DOCKER_HOST !== undefined || (await answers('/var/run/docker.sock'))

/** Why this process cannot start one, in words. */
function startObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'Only root can start one for the test.'
  const [missing] = missingParts(systemParts.filter(({ isForTestsOnly }) => isForTestsOnly))
  return missing && `None can be started for the test: ${missing.proof} is missing (Debian package ${missing.package}).`
}

/** Starts dockerd and awaits its first answer; returns its address. */
async function startEngine(lifetime: Lifetime): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vpdmn-engine-'))
  lifetime.defer(() => rm(folder, { recursive: true }))
  const hadBridge = existsSync(`/sys/class/net/${bridge}`)
  if (!hadBridge) lifetime.defer(removeBridge)
  const logPath = join(folder, 'log')
  const log = await open(logPath, 'w')
  const child = await startChild('dockerd', engineArguments(folder), ['ignore', log.fd, log.fd])
  await log.close()
  lifetime.defer(() => endEngine(child))
  await awaitEngine(child, join(folder, 'socket'), logPath)
  return `unix://${folder}/socket`
}

/** Everything that the engine would change outside of its folder is switched off, but for its bridge. */
const engineArguments = (folder: string): readonly string[] => [
  ...['--host', `unix://${folder}/socket`, '--pidfile', join(folder, 'pid')],
  ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--storage-driver', 'vfs'],
  ...['--iptables=false', '--ip6tables=false', '--ip-masq=false', '--ip-forward=false'],
]

async function awaitEngine(child: Child, socketPath: string, logPath: string): Promise<void> {
  let hasEnded = false
  void child.ended.then(() => {
    hasEnded = true
  })
  const deadlineMs = performance.now() + startLimitMs
  while (!(await answers(socketPath))) {
    if (hasEnded || performance.now() > deadlineMs) throw new EnvironmentFault(await whyNotStarted(hasEnded, logPath))
    await pause(pauseMs)
  }
}

async function whyNotStarted(hasEnded: boolean, logPath: string): Promise<string> {
  const lastLine = (await readFile(logPath, 'utf8')).trim().split('\n').at(-1)
  return `dockerd ${hasEnded ? 'ended' : `did not answer within ${startLimitMs / 1000} s`} here. Its last line: ${lastLine}`
}

/** Whether `GET /_ping` of Docker's API is answered. */
const answers = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const call = request({ socketPath, path: '/_ping', timeout: startLimitMs }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    call.once('timeout', () => call.destroy())
    call.once('error', () => resolve(false))
    call.end()
  })

/** Asks first: a killed dockerd would leave the mounts of its containers. */
async function endEngine(child: Child): Promise<void> {
  child.process.kill('SIGTERM')
  const waiting = new AbortController()
  await Promise.race([child.ended, pause(endLimitMs, undefined, { signal: waiting.signal }).catch(() => {})])
  waiting.abort()
  await child.kill()
}

async function removeBridge(): Promise<void> {
  if (existsSync(`/sys/class/net/${bridge}`)) await runTool('ip', ['link', 'delete', bridge], { timeoutMs: endLimitMs })
}
