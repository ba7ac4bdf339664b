import { join } from 'node:path'
import type { Lifetime } from '../platform/process/lifetime.ts'

/** A command of the harness. What it needs is loaded when it is called. */
export interface Command {
  name: string
  summary: string
  /** Runs where no command is named. */
  isDefault?: true
  /** Returns the exit code. */
  run(args: readonly string[], lifetime: Lifetime): Promise<number>
}

async function verify(args: readonly string[], lifetime: Lifetime): Promise<number> {
  const { parseVerifyCall } = await import('./parse-verify-call.ts')
  const options = parseVerifyCall(args)
  if (options.action === 'verify') return (await import('./verify/verify-images.ts')).verifyImages(options, lifetime)
  if (options.action === 'merge') return (await import('./merge/merge-runs.ts')).mergeRuns(options, lifetime)
  if (options.action === 'self-test') return (await import('./verify/self-test.ts')).runSelfTest(options, lifetime)
  return (await import('./verify/answer-question.ts')).answerQuestion(options)
}

/** All commands, in the order of the help text. */
export const commands: readonly Command[] = [
  { name: 'verify', summary: 'say whether images conform (verify --help: all options)', isDefault: true, run: verify },
  {
    name: 'shell',
    summary: 'open a shell in a booted guest',
    async run(args, lifetime) {
      const { parseShellCall } = await import('./shell/shell-call.ts')
      const options = parseShellCall(args)
      const { openShell } = await import('./shell/open-shell.ts')
      // The clock starts with this process.
      return openShell(options, lifetime, 0)
    },
  },
  {
    name: 'build',
    summary: 'build the reference image, its kernel and initramfs',
    async run(args, lifetime) {
      const { parseBuildCall } = await import('./build/parse-build-call.ts')
      const options = parseBuildCall(args)
      return (await import('./build/answer-build-call.ts')).answerBuildCall(options, lifetime)
    },
  },
  {
    name: 'compare',
    summary: 'compare two images in time and content',
    async run(args, lifetime) {
      const { compareHelp, parseCompareCall } = await import('./compare/compare-call.ts')
      const options = parseCompareCall(args)
      if (options.action === 'help') return printed(compareHelp())
      return (await import('./compare/compare-images.ts')).compareImages(options, lifetime)
    },
  },
  {
    name: 'bisect',
    summary: 'name the changes between two images that make one fail',
    async run(args, lifetime) {
      const { bisectHelp, parseBisectCall } = await import('./bisect/bisect-call.ts')
      const call = parseBisectCall(args)
      if (call.action === 'help') return printed(bisectHelp())
      return (await import('./bisect/bisect-images.ts')).bisectImages(call, lifetime)
    },
  },
  {
    name: 'history',
    summary: 'show, import and export histories of measurements',
    async run(args) {
      const { parseHistoryCall } = await import('./history/history-call.ts')
      const options = parseHistoryCall(args)
      return printed(await (await import('./history/answer-history-call.ts')).answerHistoryCall(options))
    },
  },
  {
    name: 'cache',
    summary: 'list or clear what is kept between runs',
    run: async (args) => (await import('./cache/cache-command.ts')).runCacheCommand(args),
  },
  {
    name: 'merge',
    summary: 'make one report of several',
    run: (args, lifetime) => verify(['merge', ...args], lifetime),
  },
  {
    name: 'verify-attestation',
    summary: 'say whether a signed statement on an image meets a policy',
    async run(args) {
      const { parseVerifyAttestationCall, verifyAttestationHelp } = await import('./attest/verify-attestation-call.ts')
      const call = parseVerifyAttestationCall(args)
      if (call.action === 'help') return printed(verifyAttestationHelp())
      return (await import('./attest/verify-attestation.ts')).verifyAttestation(call)
    },
  },
  {
    name: 'push-attestation',
    summary: 'push signed statements to a registry, as a referrer of an image',
    async run(args) {
      const { parsePushAttestationCall, pushAttestationHelp } = await import('./attest/push-attestation-call.ts')
      const call = parsePushAttestationCall(args)
      if (call.action === 'help') return printed(pushAttestationHelp())
      return printed(await (await import('./attest/push-attestation.ts')).pushAttestation(call))
    },
  },
  {
    name: 'explain',
    summary: 'say why a requirement matters and what to do',
    run: (args, lifetime) => verify(['--explain', ...args], lifetime),
  },
  { name: 'list', summary: 'list all requirements', run: (args, lifetime) => verify(['--list', ...args], lifetime) },
  {
    name: 'setup',
    summary: 'install missing system packages (--yes: do not ask)',
    async run(args) {
      const { spawnSync } = await import('node:child_process')
      const setup = join(import.meta.dirname, '../platform/setup/setup.mjs')
      return spawnSync(process.execPath, [setup, ...args], { stdio: 'inherit' }).status ?? 3
    },
  },
  {
    name: 'completion',
    summary: 'print a completion script for bash or zsh',
    async run(args) {
      const { completionScript } = await import('./completion.ts')
      return printed(
        completionScript(
          args,
          commands.map(({ name }) => name),
        ),
      )
    },
  },
]

/** Runs one command by its name; the entries beside the program do. */
export const runNamed = (name: string, args: readonly string[], lifetime: Lifetime): Promise<number> =>
  (commands.find((command) => command.name === name) as Command).run(args, lifetime)

function printed(text: string): number {
  process.stdout.write(text)
  return 0
}
