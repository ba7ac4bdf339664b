import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { formatDuration } from '../../harness/model/quantities.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { openRunFolder } from '../../harness/platform/process/run-folder.ts'
import { bisectHidden } from './bisect-hidden.ts'
import { hiddenMutant, twentyMutants } from './hidden-mutants.ts'

const help = `Usage: npx zx tools/bisect.mjs [MUTANT...]

Hides mutants of the x86_64 reference image among forty harmless packages and lets
bisect find them: twenty of the static suite, or those named, which are booted
where the requirement that they break is one of a guest suite.

Exit codes  0 all found · 1 one was not
`

/** Bisects mutants that are hidden, and prints a line for each. Returns the exit code. */
export async function bisectMutants(args: readonly string[], lifetime: Lifetime): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(help)
    return 0
  }
  const mutants = args.length > 0 ? args.map(hiddenMutant) : twentyMutants
  let foundCount = 0
  for (const mutant of mutants) {
    const startedMs = performance.now()
    const { isFound, culprits, changes, trials } = await lifetime.within(async (own) => {
      const folder = join(await openRunFolder(own), mutant.id)
      await mkdir(folder)
      return bisectHidden(mutant, 'x86_64', folder, own)
    })
    if (isFound) foundCount++
    const cost = `${trials} trials, ${changes} changes, ${formatDuration(performance.now() - startedMs)}`
    process.stdout.write(
      `${isFound ? 'found  ' : 'MISSED '} ${mutant.id}  ${mutant.requirement}  ${cost}\n         ${culprits.join('\n         ')}\n`,
    )
  }
  process.stdout.write(`${foundCount} of ${mutants.length} found\n`)
  return foundCount === mutants.length ? 0 : 1
}
