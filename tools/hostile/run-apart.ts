import { mkdir, readdir, readFile, readlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { startChild } from '../../harness/platform/process/start-child.ts'

/** What came of a program of the harness in a temporary folder of its own, by which all its processes are known. */
export interface ApartRun {
  exitCode: number | null
  durationMs: number
  /** The most that any process of the harness had in memory at once. */
  peakBytes: number
  output: string
  /** Processes and folders that are still there. */
  left: string[]
}

const lookMs = 200
const maxOutputChars = 4 * 1024 ** 2

export interface ApartOptions {
  timeoutMs: number
  environment?: Record<string, string>
  /** Called when it runs, with its process ID; what it returns is not awaited. */
  meanwhile?: (pid: number) => void
}

/** Runs a script of the project by Node, with TMPDIR set to the folder, to its end or to the bound. */
export async function runApart(
  script: string,
  args: readonly string[],
  folder: string,
  options: ApartOptions,
): Promise<ApartRun> {
  const [run] = await runTogether(script, [args], folder, options)
  return run as ApartRun
}

/** The same of several runs at once, which share the folder: what is left when the last of them has ended is left by each. */
export async function runTogether(
  script: string,
  calls: readonly (readonly string[])[],
  folder: string,
  options: ApartOptions,
): Promise<ApartRun[]> {
  await mkdir(folder, { recursive: true })
  const ended = await Promise.all(calls.map((args) => runToEnd(script, args, folder, options)))
  const left = await leftOf(folder)
  return ended.map((run) => ({ ...run, left }))
}

async function runToEnd(
  script: string,
  args: readonly string[],
  folder: string,
  { timeoutMs, environment = {}, meanwhile }: ApartOptions,
): Promise<Omit<ApartRun, 'left'>> {
  const startedMs = performance.now()
  const env = { ...process.env, ...environment, TMPDIR: folder }
  const child = await startChild(process.execPath, [script, ...args], ['ignore', 'pipe', 'pipe'], { env })
  let output = ''
  for (const stream of [child.process.stdout, child.process.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-maxOutputChars)
    })
  let peakBytes = 0
  const look = async () => {
    for (const pid of await processesOf(folder)) peakBytes = Math.max(peakBytes, await peakOf(pid))
  }
  const looks = setInterval(() => void look().catch(() => {}), lookMs)
  const bound = setTimeout(() => void child.kill(), timeoutMs)
  meanwhile?.(child.pid)
  const { exitCode } = await child.ended
  clearInterval(looks)
  clearTimeout(bound)
  return { exitCode, durationMs: performance.now() - startedMs, peakBytes, output }
}

/** Of a process that was killed the kernel takes its helpers along, which takes a moment on a loaded machine. */
const endMs = 10_000

/** What is left of runs in a folder: processes, once those that end have ended, and folders of runs. */
async function leftOf(folder: string): Promise<string[]> {
  const endsMs = performance.now() + endMs
  let living = await processesOf(folder)
  while (living.length > 0 && performance.now() < endsMs) {
    await new Promise((resolve) => setTimeout(resolve, lookMs))
    living = await processesOf(folder)
  }
  const roots = (await readdir(folder)).filter((name) => name.startsWith('vpdmn-conformance-'))
  const runs = await Promise.all(roots.map((root) => readdir(join(folder, root))))
  return [...(await Promise.all(living.map(nameOf))), ...runs.flat().map((name) => `folder ${name}`)]
}

/** Processes whose environment names the folder as their temporary one. */
export async function processesOf(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const marked = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
      return environment.split('\0').includes(`TMPDIR=${folder}`)
    }),
  )
  return pids.filter((_pid, index) => marked[index])
}

export const nameOf = async (pid: number): Promise<string> =>
  `process ${pid} ${(await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'that has ended')).trim()}`

/** High-water mark of resident memory (proc(5), "VmHWM") of a Node, which the harness is; QEMU has its guest's memory as well. */
async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const program = await readlink(`/proc/${pid}/exe`).catch(() => '')
  const [, kilobytes = '0'] = /^VmHWM:\s+(\d+)/m.exec(status) ?? []
  return basename(program) === 'node' ? Number(kilobytes) * 1024 : 0
}
