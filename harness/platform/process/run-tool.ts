import type { Readable } from 'node:stream'
import type { FaultCode } from '../../model/fault-codes.ts'
import { EnvironmentFault } from '../../model/faults.ts'

export interface ToolOptions {
  /** Bound on the whole run, in milliseconds. */
  timeoutMs: number
  /** Bound on each of stdout and stderr, in bytes; more ends the tool. Default 64 MiB. */
  maxOutputBytes?: number
  cwd?: string
  env?: Record<string, string>
  input?: string | Uint8Array
  /** Descriptor of an open file to read instead, from where it stands. */
  inputFile?: number
  /** Descriptor of an open file that takes stdout, on which there is no bound then. */
  outputFile?: number
}

export interface ToolResult {
  /** 0 to 255; null when a signal or the bound ended the tool. */
  exitCode: number | null
  stdout: Buffer
  stderr: string
  timedOut: boolean
  tooMuchOutput: boolean
}

/**
 * Runs a system tool to its end, in the C locale and UTC; when a bound passes it is killed, and what others still print into its
 * streams is not awaited. Throws EnvironmentFault only when it cannot be started.
 */
export async function runTool(tool: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  // Loaded with the first tool: it takes as long to load as a guest to be forked.
  const { execa } = await import('execa')
  const running = execa(tool, args, {
    reject: false,
    encoding: 'buffer',
    // What execa keeps itself it also puts into its message, byte by byte: over a minute for 64 MiB.
    buffer: false,
    env: { LC_ALL: 'C', TZ: 'UTC', ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...inputOf(options),
    ...(options.outputFile !== undefined && { stdout: opened(options.outputFile) }),
  })
  const passed = { time: false, output: false }
  const giveUp = (bound: keyof typeof passed) => {
    passed[bound] = true
    running.kill('SIGKILL')
    for (const stream of [running.stdout, running.stderr]) stream?.destroy()
  }
  const timer = setTimeout(giveUp, options.timeoutMs, 'time')
  const tooLong = () => giveUp('output')
  const maxBytes = options.maxOutputBytes ?? 64 * 1024 * 1024
  const isKept = options.outputFile === undefined
  const streams = [
    isKept ? keepStart(running.stdout, maxBytes, tooLong) : Buffer.alloc(0),
    keepStart(running.stderr, maxBytes, tooLong),
  ] as const
  const [result, stdout, stderr] = await Promise.all([running, ...streams]).finally(() => clearTimeout(timer))
  if (result.failed && result.exitCode === undefined && !result.isTerminated && !passed.time && !passed.output)
    throw startFault(tool, result.code, result.shortMessage, result)
  return {
    exitCode: result.exitCode ?? null,
    stdout,
    stderr: stderr.toString('utf8'),
    timedOut: passed.time,
    tooMuchOutput: passed.output,
  }
}

/** Keeps what a stream brings until it closes, up to `maxBytes`; calls back when there is more. */
async function keepStart(stream: Readable, maxBytes: number, tellTooLong: () => void): Promise<Buffer> {
  const chunks: Buffer[] = []
  let keptBytes = 0
  stream.on('data', (chunk: Buffer) => {
    const room = maxBytes - keptBytes
    chunks.push(chunk.subarray(0, room))
    keptBytes += Math.min(room, chunk.length)
    if (chunk.length > room) tellTooLong()
  })
  await new Promise((resolve) => stream.once('close', resolve))
  return Buffer.concat(chunks)
}

function inputOf({ input, inputFile }: ToolOptions) {
  if (input !== undefined) return { input }
  return { stdin: inputFile === undefined ? ('ignore' as const) : opened(inputFile) }
}

/** An open file by a path of its own, as execa takes none by its descriptor. */
const opened = (descriptor: number) => ({ file: `/proc/self/fd/${descriptor}` })

/** That a tool could not be started, with the remedy. */
export const startFault = (tool: string, code: string | undefined, message: string | undefined, cause: unknown) =>
  new EnvironmentFault(startFailureCode(tool), startFailure(tool, code, message), { cause })

function startFailure(tool: string, code: string | undefined, message: string | undefined): string {
  return code === 'ENOENT'
    ? `${tool} is not installed: install its package, or run "npm run setup" as root.`
    : `${tool} could not be started (${message ?? 'no reason given'}).`
}

/** Runs a tool that must succeed; anything but exit code 0 is an EnvironmentFault with the end of its stderr. */
export async function requireTool(tool: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const result = await runTool(tool, args, options)
  if (result.exitCode === 0) return result
  const ending = result.timedOut
    ? `did not end within ${options.timeoutMs / 1000} s`
    : result.tooMuchOutput
      ? 'printed more than allowed'
      : `failed with exit code ${result.exitCode ?? 'none (killed)'}`
  const lastWords = result.stderr.trim().split('\n').slice(-5).join('\n')
  throw new EnvironmentFault('E_TOOL', `${tool} ${args[0] ?? ''} ${ending}${lastWords ? `:\n${lastWords}` : '.'}`, {
    cause: result,
  })
}

const startFailureCode = (tool: string): FaultCode => (tool.startsWith('qemu-system-') ? 'E_NO_QEMU' : 'E_NO_TOOL')
