// Plain JavaScript: it must get as far as telling an old Node that it is too old.
import { keepCompiledCode } from '../platform/compile-cache.mjs'
import { requireNode } from '../platform/setup/node-version.mjs'

/**
 * Runs the command of an entry to its exit code.
 * @param {string} command
 * @param {string} entryUrl
 */
export async function openDoor(command, entryUrl) {
  requireNode()
  keepCompiledCode()
  const { runEntry } = await import('./run-entry.ts')
  await runEntry(async (lifetime) => {
    const { callArguments } = await import('../platform/call-folder.ts')
    const { runNamed } = await import('./commands.ts')
    return runNamed(command, callArguments(entryUrl), lifetime)
  })
}
