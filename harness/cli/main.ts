import { Command } from 'commander'
import { harnessVersion } from '../platform/harness-version.ts'
import type { Lifetime } from '../platform/process/lifetime.ts'
import { commands } from './commands.ts'

/** Runs the command that the arguments name; without one, they are those of verify. Returns the exit code. */
export async function runCommandLine(args: readonly string[], lifetime: Lifetime): Promise<number> {
  let exitCode = 0
  const program = new Command('vpdmn-conformance')
    .description('Verifies small bootable container-host images. Without a command: verify.')
    .version(harnessVersion())
    .enablePositionalOptions()
  for (const { name, summary, run, isDefault = false } of commands)
    program
      .command(name, { isDefault })
      .summary(summary)
      // Each command reads its own options by its table, which also makes its help and the completion.
      .helpOption(false)
      .allowUnknownOption()
      .passThroughOptions()
      .argument('[arguments...]')
      .action(async (given: string[]) => {
        exitCode = await run(given, lifetime)
      })
  await program.parseAsync([...args], { from: 'user' })
  return exitCode
}
