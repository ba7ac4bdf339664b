import { existsSync } from 'node:fs'
import { rmdir } from 'node:fs/promises'
import { printableLine } from '../../model/printable.ts'
import { runTool, type ToolResult } from './run-tool.ts'

/** Removing a million files takes 20 s here; the bound is for a slow disk under load. */
const removalTimeoutMs = 180_000
/** rm(1) names each file that it cannot remove; the first is enough. */
const maxComplaintBytes = 16 * 1024 * 1024

/**
 * Removes a folder that a guest may have filled: with a path longer than the system takes (rm(1) goes down by openat(2), Node by
 * paths), with millions of files, or with folders closed to their owner. Never fails; where something stays, says so on stderr.
 */
export async function removeFolder(path: string, tell: (sentence: string) => void = toStderr): Promise<void> {
  if (!existsSync(path) || (await removedEmpty(path))) return
  const removal = await run('rm', ['-rf', '--', path])
  if (removal.exitCode === 0) return
  // Who is not root is kept out by the modes that a guest gave its folders.
  await run('chmod', ['-R', 'u+rwX', '--', path])
  const again = await run('rm', ['-rf', '--', path])
  if (again.exitCode !== 0)
    tell(`${path} could not be removed: ${reasonOf(again)}. Remove it by hand, it is no longer used.`)
}

/** Runs without guests leave their folder empty; then no tool needs to be started. */
const removedEmpty = (path: string): Promise<boolean> =>
  rmdir(path).then(
    () => true,
    () => false,
  )

const run = (tool: string, args: readonly string[]): Promise<ToolResult> =>
  runTool(tool, args, { timeoutMs: removalTimeoutMs, maxOutputBytes: maxComplaintBytes })

function reasonOf({ timedOut, stderr }: ToolResult): string {
  if (timedOut) return `it takes longer than ${removalTimeoutMs / 1000} s`
  return stderr.split('\n')[0]?.slice(0, 300) || 'rm was killed'
}

const toStderr = (sentence: string): void => {
  process.stderr.write(`${printableLine(sentence)}\n`)
}
