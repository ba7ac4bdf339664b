import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { EnvironmentFault } from '../../model/faults.ts'
import { requireTool } from '../../platform/process/run-tool.ts'
import { type Child, startChild } from '../../platform/process/start-child.ts'
import { askUpstream, type Upstream } from '../upstream.ts'
import type { Backend } from './backend.ts'

export const registryProgram = 'docker-registry'
/** Measured 60 ms on an idle machine; the bound leaves room for one that is busy with emulators. */
const startLimitMs = 20_000
/** Measured 0.3 s for 90 MB in 650 files. */
const copyLimitMs = 60_000
const probeIntervalMs = 10
/** `sun_path` of unix(7) holds 108 bytes, the closing NUL included. */
const maxSocketPathBytes = 107

/**
 * Starts CNCF Distribution as a process of this run. It listens on a unix socket: no free port to be raced for, and
 * no door for others on this machine. Its storage starts as a copy of `stockedStorage`, or empty.
 */
export async function startProcessBackend(folder: string, stockedStorage?: string): Promise<Backend> {
  const socketPath = join(folder, 'registry.sock')
  if (Buffer.byteLength(socketPath) > maxSocketPathBytes)
    throw new EnvironmentFault(
      'E_REGISTRY',
      `${socketPath} is too long for a unix socket: set TMPDIR to a shorter path.`,
    )
  const logPath = join(folder, 'registry.log')
  const configPath = join(folder, 'registry.json')
  const storage = join(folder, 'storage')
  if (stockedStorage === undefined) await mkdir(storage)
  else await requireTool('cp', ['--recursive', '--reflink=auto', stockedStorage, storage], { timeoutMs: copyLimitMs })
  await writeFile(configPath, JSON.stringify(configuration(socketPath, storage)))
  const log = await open(logPath, 'w')
  const child = await startChild(registryProgram, ['serve', configPath], ['ignore', log.fd, log.fd])
  await log.close()
  const upstream: Upstream = { at: { socketPath }, repositoryPrefix: '' }
  await answering(upstream, child, logPath)
  return { upstream, description: `${registryProgram} (process)`, stop: () => child.kill() }
}

/**
 * The configuration file (YAML, of which JSON is a part). Relative addresses, since clients come by other names; no
 * purge of old uploads, which would run through a storage that lives for minutes.
 */
function configuration(socketPath: string, storage: string) {
  return {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: storage },
      cache: { blobdescriptor: 'inmemory' },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { net: 'unix', addr: socketPath, relativeurls: true, secret: 'one process, nothing to share' },
  }
}

/** Waits until the registry answers, ends, or the bound is over, whichever is first. */
async function answering(upstream: Upstream, child: Child, logPath: string): Promise<void> {
  let ended = false
  void child.ended.then(() => {
    ended = true
  })
  const deadlineMs = performance.now() + startLimitMs
  while (!(await answersVersion(upstream))) {
    const late = performance.now() > deadlineMs
    if (ended || late) {
      await child.kill()
      throw new EnvironmentFault('E_REGISTRY', await startFailure(child, late, logPath))
    }
    await delay(probeIntervalMs)
  }
}

async function startFailure(child: Child, late: boolean, logPath: string): Promise<string> {
  const { exitCode } = await child.ended
  const lastLines = (await readFile(logPath, 'utf8')).trim().split('\n').slice(-5).join('\n')
  const what = late
    ? `${registryProgram} did not answer within ${startLimitMs / 1000} s.`
    : `${registryProgram} ended with exit code ${exitCode ?? 'none (killed)'} before it answered.`
  return `${what} Is the package docker-registry installed ("npm run setup")? The end of its log:\n${lastLines}`
}

async function answersVersion(upstream: Upstream): Promise<boolean> {
  try {
    const answer = await askUpstream(upstream, { method: 'GET', path: '/v2/', headers: {} })
    answer.resume()
    return answer.statusCode === 200
  } catch {
    return false
  }
}
