import { EnvironmentFault } from '../faults.ts'

export interface ToolOptions {
  /** Bound on the whole run, in milliseconds. */
  timeoutMs: number
  /** Bound on each of stdout and stderr, in bytes; more ends the tool. Default 64 MiB. */
  maxOutputBytes?: number
  cwd?: string
  env?: Record<string, string>
  input?: string | Uint8Array
}

export interface ToolResult {
  /** 0 to 255; null when a signal or the bound ended the tool. */
  exitCode: number | null
  stdout: Buffer
  stderr: string
  timedOut: boolean
  tooMuchOutput: boolean
}

/** Runs a system tool to its end, in the C locale and UTC. Throws EnvironmentFault only when it cannot be started. */
export async function runTool(tool: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  // Loaded with the first tool: it takes as long to load as a guest to be forked.
  const { execa } = await import('execa')
  const result = await execa(tool, args, {
    reject: false,
    encoding: 'buffer',
    timeout: options.timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: options.maxOutputBytes ?? 64 * 1024 * 1024,
    stripFinalNewline: false,
    env: { LC_ALL: 'C', TZ: 'UTC', ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
  })
  if (result.failed && result.exitCode === undefined && !result.timedOut && !result.isTerminated && !result.isMaxBuffer)
    throw new EnvironmentFault(startFailure(tool, result.code, result.shortMessage), { cause: result })
  return {
    exitCode: result.exitCode ?? null,
    stdout: Buffer.from(result.stdout),
    stderr: Buffer.from(result.stderr).toString('utf8'),
    timedOut: result.timedOut,
    tooMuchOutput: result.isMaxBuffer,
  }
}

function startFailure(tool: string, code: string | undefined, message: string | undefined): string {
  return code === 'ENOENT'
    ? `${tool} is not installed: run "npm run setup".`
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
  throw new EnvironmentFault(`${tool} ${args[0] ?? ''} ${ending}${lastWords ? `:\n${lastWords}` : '.'}`, {
    cause: result,
  })
}
