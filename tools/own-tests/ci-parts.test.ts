import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { validate } from 'dockerfile-utils'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { verifyOptions } from '../../harness/cli/verify-options.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { requireTool, runTool } from '../../harness/platform/process/run-tool.ts'
import { actionInputs, componentInputs } from '../documents/ci-inputs.ts'
import { gitHubMistakes } from './git-hub-parser.ts'

const read = (path: string): string => readFileSync(join(projectFolder, path), 'utf8')
const scratch = mkdtempSync(join(tmpdir(), 'ci-parts-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** Prints each argument in brackets, in the place of the program. */
const standIn = '#!/bin/sh\nfor argument; do echo "<$argument>"; done\n'
function writeStandIn(path: string): void {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, standIn, { mode: 0o755 })
}
const argumentsIn = (output: string): string[] =>
  [...output.matchAll(/<(.*)>/g)].map(([, argument]) => argument as string)

describe('the action for GitHub', () => {
  test('is what GitHub’s own parser accepts', async () => {
    expect(await gitHubMistakes('action', read('action.yml'))).toEqual([])
  })

  test('which refuses a key that there is not', async () => {
    expect((await gitHubMistakes('action', read('action.yml').replace('using:', 'use:'))).join()).toContain('use')
  })

  interface Step {
    id?: string
    run?: string
    env?: Record<string, string>
  }
  const steps: Step[] = parse(read('action.yml')).runs.steps

  /** Runs the step that verifies as the runner does, with the stand-in for Node, on inputs. */
  async function verifyStep(inputs: Record<string, string>) {
    const { run = '', env = {} } = steps.find(({ id }) => id === 'verify') ?? {}
    writeStandIn(join(scratch, 'node_modules/.bin/node'))
    const defaults = Object.entries(actionInputs()).map(([name, input]) => [name, input.default ?? ''])
    const given: Record<string, string> = { ...Object.fromEntries(defaults), ...inputs }
    const values = Object.entries(env).map(([variable, expression]) => {
      const [, name] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(expression) ?? []
      return [variable, given[name as string] as string]
    })
    const { stdout, exitCode } = await runTool('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      timeoutMs: 20_000,
      cwd: scratch,
      env: { ...Object.fromEntries(values), PATH: process.env.PATH, GITHUB_ACTION_PATH: scratch },
    })
    expect(exitCode).toBe(0)
    return argumentsIn(stdout.toString()).slice(1)
  }

  test('calls verify with the inputs that are given, each as one argument whatever it contains', async () => {
    const inputs = {
      image: 'my $(image).img',
      profile: './a b.toml',
      suite: 'static',
      quick: 'true',
      options: '--jobs 1',
    }
    expect(await verifyStep(inputs)).toEqual([
      ...['my $(image).img', '--out', 'conformance-report', '--profile', './a b.toml', '--suite', 'static'],
      ...['--format', 'sarif,markdown', '--quick', '--jobs', '1'],
    ])
    expect(await verifyStep({ image: 'x', format: '' })).toEqual(['x', '--out', 'conformance-report'])
  })

  test('puts no input into a script, where it would be code', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{')
  })
})

// Checking GitLab’s schema takes 2 s of a processor, and was seen to take 20 s on a busy machine.
describe('the component for GitLab CI', { timeout: 120_000 }, () => {
  /** A project that includes the component as a file, since no server is there that has it as a component. */
  async function gitLab(inputs: Record<string, string>, ...args: string[]) {
    const project = mkdtempSync(join(scratch, 'project-'))
    const lines = Object.entries(inputs).map(([name, value]) => `      ${name}: ${JSON.stringify(value)}\n`)
    writeFileSync(
      join(project, '.gitlab-ci.yml'),
      `include:\n  - local: templates/verify.yml\n    inputs:\n${lines.join('')}`,
    )
    cpSync(join(projectFolder, 'templates'), join(project, 'templates'), { recursive: true })
    writeStandIn(join(project, 'bin/vpdmn-conformance'))
    for (const git of [
      ['init', '--quiet'],
      ['add', '.'],
    ])
      await requireTool('git', git, { timeoutMs: 10_000, cwd: project })
    const tools = join(projectFolder, 'node_modules', '.bin')
    const env = { PATH: `${join(project, 'bin')}:${tools}:${process.env.PATH}`, GIT_CEILING_DIRECTORIES: scratch }
    return runTool('gitlab-ci-local', args, { timeoutMs: 60_000, cwd: project, env })
  }

  test('is a job that is valid by GitLab’s schema', async () => {
    const { exitCode, stdout } = await gitLab({ image: 'x', package: 'y', job: 'my-image' }, '--list-json')
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout.toString())).toMatchObject([{ name: 'my-image', stage: 'test' }])
  })

  test('requires an image and a package', async () => {
    expect((await gitLab({ image: 'x' }, '--list-json')).exitCode).not.toBe(0)
    expect((await gitLab({ package: 'y' }, '--list-json')).exitCode).not.toBe(0)
  })

  test('calls set-up and verify with the inputs that are given, each as one argument', async () => {
    const inputs = { image: 'my image', package: 'y', profile: './a b.toml', options: '--jobs 1', format: '' }
    const { stdout } = await gitLab(inputs, '--force-shell-executor', '--no-artifacts-to-source', 'conformance')
    expect(argumentsIn(stdout.toString())).toEqual([
      ...['setup', '--yes'],
      ...['my image', '--out', 'conformance-report', '--profile', './a b.toml', '--jobs', '1'],
    ])
  })
})

test.each([
  ['action', actionInputs(), ['image', 'options', 'artifact', 'self-test']],
  ['component', componentInputs(), ['image', 'options', 'package', 'container', 'job', 'stage', 'timeout']],
])('each input of the %s that is no place or name is an option of verify', (_, inputs, others) => {
  const options: readonly string[] = verifyOptions.map(({ name }) => name)
  expect(Object.keys(inputs).filter((name) => !others.includes(name) && !options.includes(name))).toEqual([])
})

describe('the Containerfile', () => {
  const mistakes = (content: string): string[] => validate(content).map(({ message }) => String(message))

  test('has no mistake that its linter knows', () => {
    expect(mistakes(read('Containerfile'))).toEqual([])
    expect(mistakes(read('Containerfile').replace('WORKDIR', 'WORKDRI'))).toEqual([expect.stringContaining('WORKDRI')])
  })

  test('leaves out of its context what git leaves out', () => {
    const ignored = read('.dockerignore').trim().split('\n')
    const byGit = read('.gitignore').trim().split('\n')
    expect(ignored).toEqual(expect.arrayContaining(byGit.map((line) => line.replace(/\/$/, ''))))
  })
})

describe('the project’s own workflow', () => {
  test.each(globSync('.github/workflows/*.yml', { cwd: projectFolder }))('%s is what GitHub accepts', async (path) => {
    expect(await gitHubMistakes('workflow', read(path))).toEqual([])
  })

  test('runs .ci/run, which is the truth', () => {
    const { jobs } = parse(read('.github/workflows/ci.yml'))
    expect(jobs.test.steps.map(({ run }: { run?: string }) => run)).toContain('.ci/run')
  })
})
