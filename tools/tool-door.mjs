import { requireNode } from '../harness/platform/setup/node-version.mjs'

/**
 * Runs a tool to its exit code. Plain JavaScript, and the tool is imported last: an old Node must get as far as being told that it is.
 * @param {string} entryUrl
 * @param {() => Promise<(args: string[], lifetime: import('../harness/platform/process/lifetime.ts').Lifetime) => Promise<number>>} load
 */
export async function openToolDoor(entryUrl, load) {
  requireNode()
  const { callArguments } = await import('../harness/platform/call-folder.ts')
  const { runEntry } = await import('../harness/cli/run-entry.ts')
  await runEntry(async (lifetime) => (await load())(callArguments(entryUrl), lifetime))
}
