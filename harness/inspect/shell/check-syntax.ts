import { type ExecFileException, execFile } from 'node:child_process'
import { EnvironmentFault } from '../../model/faults.ts'
import { startFault } from '../../platform/process/run-tool.ts'
import type { FileTree } from '../file-tree.ts'
import type { InitScript, InitScripts } from '../init/init-scripts.ts'
import { type ShellName, shippedShell } from './shipped-shell.ts'

/** What a shell says about a script that it read without running it. */
export interface SyntaxVerdict {
  path: string
  shell: ShellName
  /** The shell's message; undefined for a script that parses. */
  error: string | undefined
}

/**
 * Reading a script of some kilobytes takes milliseconds; with ten processes waiting for each processor it once took 10 s. A script that is
 * made to be slow stays within the minute that the static suite may take of an image.
 */
const timeoutMs = 45_000
const maxMessageBytes = 64 * 1024

/** Commands that read a script from stdin and run nothing (`sh -n`, POSIX.1-2024, sh). */
const readers: Record<ShellName, readonly [string, ...string[]]> = {
  busybox: ['busybox', 'sh', '-n'],
  dash: ['dash', '-n'],
  bash: ['bash', '-n'],
}

/**
 * Lets the machine's own build of the shell that the image ships read init's scripts. Scripts whose shell is none of
 * the known ones are left out.
 */
export async function checkSyntax(files: FileTree, init: InitScripts): Promise<SyntaxVerdict[]> {
  const initial = init.scripts.find(({ interpreter }) => interpreter !== undefined)?.interpreter
  const verdicts = init.scripts.map((script) => checkScript(files, script, script.interpreter ?? initial))
  return (await Promise.all(verdicts)).filter((verdict) => verdict !== undefined)
}

async function checkScript(
  files: FileTree,
  { path, text }: InitScript,
  interpreter: string | undefined,
): Promise<SyntaxVerdict | undefined> {
  const shell = interpreter && shippedShell(files, interpreter)?.name
  if (!shell) return undefined
  const [tool, ...args] = readers[shell]
  return { path, shell, error: await complaint(tool, args, text) }
}

/**
 * What a shell says of a text; undefined where nothing is wrong. By Node's own means: what runs tools otherwise takes longer to load
 * than all scripts to be read. Throws EnvironmentFault where the shell cannot be started or does not end: that is not the script's fault.
 */
export function complaint(
  tool: string,
  args: readonly string[],
  text: string,
  timeout = timeoutMs,
): Promise<string | undefined> {
  const bounds = { timeout, killSignal: 'SIGKILL', maxBuffer: maxMessageBytes } as const
  const env = { ...process.env, LC_ALL: 'C' }
  return new Promise((resolve, reject) => {
    const shell = execFile(tool, args, { ...bounds, env }, (error, _, stderr) => {
      if (error?.syscall !== undefined) reject(startFault(tool, String(error.code), error.message, error))
      else if (error?.killed)
        reject(new EnvironmentFault('E_TOOL', `${tool} did not read a script to its end in ${timeout / 1000} s.`))
      else resolve(error ? firstLine(stderr) || `the shell ended with exit code ${exitCodeOf(error)}` : undefined)
    })
    // One that has read enough closes its end.
    shell.stdin?.on('error', () => {}).end(text)
  })
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? ''
const exitCodeOf = ({ code }: ExecFileException): string => (typeof code === 'number' ? String(code) : 'none')
