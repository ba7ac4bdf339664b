import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { parseVerifyCall } from '../../harness/cli/parse-verify-call.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { runTool } from '../../harness/platform/process/run-tool.ts'
import { gitHubMistakes } from './git-hub-parser.ts'

const folder = join(projectFolder, 'docs', 'ci')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
const scratch = mkdtempSync(join(tmpdir(), 'ci-recipes-'))
afterAll(() => rmSync(scratch, { recursive: true }))

describe('the recipe for GitHub Actions', () => {
  test('is what GitHub’s own parser accepts', async () => {
    expect(await gitHubMistakes('workflow', read('github-actions.yml'))).toEqual([])
  })

  test('which refuses a key that there is not', async () => {
    expect(
      (await gitHubMistakes('workflow', read('github-actions.yml').replace('runs-on', 'run-on'))).join(),
    ).toContain('run-on')
  })
})

describe('the matrix for GitHub Actions', () => {
  const recipe = read('github-matrix.yml')
  const { jobs } = parse(recipe)

  test('is what GitHub’s own parser accepts', async () => {
    expect(await gitHubMistakes('workflow', recipe)).toEqual([])
  })

  test('expects a report of each of its jobs', () => {
    const { include, ...axes } = jobs.verify.strategy.matrix
    const combined = Object.values<string[]>(axes).reduce((jobCount, axis) => jobCount * axis.length, 1)
    const calls = callsIn(recipe).map((args) => parseVerifyCall(args, '/here'))
    expect(calls.map(({ action }) => action)).toEqual(['self-test', 'verify', 'merge'])
    expect(calls[2]).toMatchObject({ expect: combined + include.length })
  })
})

describe('the recipe for GitLab CI', () => {
  async function list(change: (recipe: string) => string) {
    const file = join(scratch, '.gitlab-ci.yml')
    writeFileSync(file, change(read('gitlab-ci.yml')))
    return runTool('gitlab-ci-local', ['--list-json'], {
      timeoutMs: 60_000,
      cwd: scratch,
      env: { PATH: `${join(projectFolder, 'node_modules', '.bin')}:${process.env.PATH}` },
    })
  }

  test('is valid by GitLab’s schema, and has a job for each architecture and shard', async () => {
    const { exitCode, stdout } = await list((recipe) => recipe)
    expect(exitCode).toBe(0)
    const jobs = JSON.parse(stdout.toString()) as { name: string }[]
    expect(jobs.map(({ name }) => name)).toEqual([
      'conformance: [x86_64,1]',
      'conformance: [x86_64,2]',
      'conformance: [aarch64,1]',
      'conformance: [aarch64,2]',
      'verdict',
    ])
  })

  test('which refuses a key that there is not', async () => {
    expect((await list((recipe) => recipe.replace('  timeout:', '  time-out:'))).exitCode).not.toBe(0)
  })
})

describe('the recipe for Jenkins', () => {
  const lines = read('Jenkinsfile').split('\n')

  test('closes what it opens', () => {
    let depth = 0
    for (const line of lines.map((each) => each.replace(/\/\/.*|'[^']*'|"[^"]*"/g, ''))) {
      depth += (line.match(/[{([]/g)?.length ?? 0) - (line.match(/[})\]]/g)?.length ?? 0)
      expect(depth).toBeGreaterThanOrEqual(0)
    }
    expect(depth).toBe(0)
  })

  test('is a declarative pipeline: an agent and stages, each stage with steps or a matrix', () => {
    const text = read('Jenkinsfile').replaceAll(/^\s*\/\/.*\n/gm, '')
    expect(text).toMatch(/^pipeline \{\n {2}agent none\n/)
    const stages = [...text.matchAll(/^( *)stage\('(\w+)'\) \{\n((?:\1 {2}.*\n)+)\1\}/gm)]
    expect(stages.map(([, , name]) => name)).toEqual(['verify', 'verdict'])
    for (const [, , , body] of stages) expect(body).toMatch(/^\s*(steps|matrix) \{$/m)
    expect(text).toContain("junit 'report/junit.xml'")
  })
})

test('the recipe for GitHub Actions proves on each runner that guests run, before it verifies', () => {
  const [first] = callsIn(read('github-actions.yml')).map((args) => parseVerifyCall(args, '/here'))
  expect(first).toMatchObject({ action: 'self-test', accelerator: 'auto' })
})

/** Calls of verify.mjs in a recipe, with samples in the place of variables. */
function callsIn(recipe: string): string[][] {
  const calls = recipe.matchAll(/(?:npm run verify -- |harness\/verify\.mjs )([^\n']+)/g)
  return [...calls].map(([, words]) =>
    (words as string)
      .replaceAll(/\$\{\{[^}]*shard[^}]*\}\}|\$SHARD|\$\{SHARD\}/g, '1')
      .replaceAll(/--arch \$\{\{[^}]*\}\}/g, '--arch x86_64')
      .replaceAll(/\$\{\{[^}]*\}\}|\$\w+|\$\{\w+\}/g, 'x')
      .replaceAll('"', '')
      .trim()
      .split(/\s+/),
  )
}

test.each(['github-actions.yml', 'gitlab-ci.yml', 'Jenkinsfile'])(
  '%s calls verify and merge with options that there are',
  (name) => {
    const calls = callsIn(read(name)).map((args) => parseVerifyCall(args, '/here'))
    const actions = calls.filter(({ action }) => action !== 'self-test')
    expect(actions.map(({ action }) => action)).toEqual(['verify', 'merge'])
    expect(actions[0]).toMatchObject({ shard: { index: 1, count: 2 }, images: [expect.any(String)] })
    expect(actions[1]).toMatchObject({ expect: 4 })
  },
)

describe('the recipe for Kubernetes', () => {
  const [verify, merge] = parseAllDocuments(read('kubernetes.yml')).map((document) => document.toJS())

  test('tells each node how many there are, and merges the reports of all', () => {
    const { completions, completionMode, template } = verify.spec
    expect(completionMode).toBe('Indexed')
    const { env, args } = template.spec.containers[0]
    expect(env).toContainEqual({ name: 'JOB_COMPLETION_COUNT', value: String(completions) })
    expect(args).toEqual(expect.arrayContaining(['--shard', 'auto']))
    const parts = Array.from({ length: completions }, (_, index) => `/results/part-${index}`)
    const call = ['merge', ...parts, '--expect', String(completions), '--out', '/results/merged']
    expect(merge.spec.template.spec.containers[0].args).toEqual(call)
  })

  test('fails an index on which the image does not conform, and tries a fault of the environment again', () => {
    const { podFailurePolicy, template } = verify.spec
    const actions = podFailurePolicy.rules.flatMap(
      ({ action, onExitCodes }: { action: string; onExitCodes?: { values: number[]; containerName: string } }) =>
        (onExitCodes?.values ?? []).map((code) => [code, action, onExitCodes?.containerName]),
    )
    const { name } = template.spec.containers[0]
    expect(actions).toEqual([
      [1, 'FailIndex', name],
      [2, 'FailIndex', name],
      [3, 'Count', name],
    ])
    // The API server wants it so (Kubernetes, "Pod failure policy").
    expect(template.spec.restartPolicy).toBe('Never')
  })
})

describe('the recipe for Slurm', () => {
  /** Stands in for sbatch: prints a job's number, and notes how it was called. */
  const sbatch = '#!/bin/sh\necho "$@" >> "$(dirname "$0")/calls"\ncat > /dev/null\necho 7\n'

  test('merges all parts when the nodes have ended, whatever their verdict', async () => {
    writeFileSync(join(scratch, 'sbatch'), sbatch, { mode: 0o755 })
    const script = join(folder, 'slurm.sh')
    const env = { PATH: `${scratch}:${process.env.PATH}` }
    const { exitCode } = await runTool('sh', [script, scratch, join(scratch, 'out'), '3', 'a b'], {
      timeoutMs: 60_000,
      env,
    })
    expect(exitCode).toBe(0)
    const [array, merge] = readFileSync(join(scratch, 'calls'), 'utf8').trim().split('\n')
    expect(array).toMatch(/--array=1-3 .* a b$/)
    expect(merge).toMatch(/--wait --dependency=afterany:7 .*NODES=3/)
  })

  test('says how it is called', async () => {
    const { exitCode } = await runTool('sh', [join(folder, 'slurm.sh')], { timeoutMs: 60_000 })
    expect(exitCode).toBe(2)
  })
})
