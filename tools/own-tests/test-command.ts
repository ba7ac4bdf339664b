import { CallFault } from '../../harness/model/faults.ts'
import type { Lifetime } from '../../harness/platform/process/lifetime.ts'
import { runStages } from './run-stages.ts'
import { type Stage, stages } from './stages.ts'

const testHelp = (): string => `Usage: npm test

Runs all tests of the harness, what is quickest to tell first, and prints their
sum as the last line:

${stages.map(stageLine).join('')}
Single tests are run by npx vitest run FILE.

Exit codes  0 all passed · 1 one failed · 2 usage error
            3 a stage could not be run, or did not end in time
`

const stageLine = ({ title }: Stage, index: number): string => `  ${index + 1}  ${title}\n`

/** Answers `npm test`. Returns the exit code. Throws CallFault for any argument but `--help`. */
export async function runTests(args: readonly string[], lifetime: Lifetime): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(testHelp())
    return 0
  }
  if (args.length > 0)
    throw new CallFault(`npm test takes no arguments, such as "${args[0]}": npx vitest run FILE runs single tests.`)
  return runStages(stages, lifetime)
}
