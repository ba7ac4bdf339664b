import { keptGuests } from '../exercise/kept-guest.ts'
import { type Run, snapshotsFolder } from './verify-run.ts'

/**
 * Says which guests were kept and how to come into them; with `--on-failure shell`, on a terminal, opens a shell in the
 * first one.
 */
export async function offerKeptGuests({ call, lifetime }: Run): Promise<void> {
  const kept = keptGuests(snapshotsFolder(call))
  for (const folder of kept) process.stderr.write(`Kept: npx zx harness/shell.mjs --snapshot ${folder}\n`)
  const [first] = kept
  if (call.onFailure !== 'shell' || !first || !process.stdin.isTTY) return
  const { openShell } = await import('../shell/open-shell.ts')
  await openShell({ action: 'snapshot', folder: first }, lifetime)
}
