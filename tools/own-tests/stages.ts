import { dirname, join } from 'node:path'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { type Counts, countReport, countVitest } from './counts.ts'

/** One step of `npm test`: a program, and how its outcome is counted. */
export interface Stage {
  title: string
  program: string
  /** The arguments, given the file into which the program is to write its result. */
  args: (resultFile: string) => readonly string[]
  /** Bound on the whole stage; several times what it takes on 2 cores under software emulation. */
  timeoutMs: number
  /** Counts from the result file; without it, the stage counts as one test, by its exit code. */
  count?: (result: string) => Counts
}

const minutes = 60_000
const installed = (program: string): string => join(projectFolder, 'node_modules', '.bin', program)

const vitestStage = (title: string, project: string): Stage => ({
  title,
  program: installed('vitest'),
  args: (resultFile) => [
    'run',
    '--project',
    project,
    '--reporter',
    'dot',
    '--reporter',
    'json',
    `--outputFile.json=${resultFile}`,
  ],
  timeoutMs: 20 * minutes,
  count: countVitest,
})

/** All of `npm test`, what is quickest to tell first. */
export const stages: readonly Stage[] = [
  { title: 'types', program: installed('tsc'), args: () => [], timeoutMs: 5 * minutes },
  { title: 'style', program: installed('biome'), args: () => ['check', '--error-on-warnings'], timeoutMs: 2 * minutes },
  vitestStage('units', 'unit'),
  vitestStage('static suite and its mutants', 'static'),
  {
    title: 'two mutants of init, booted',
    program: installed('zx'),
    args: () => [
      join(projectFolder, 'tools', 'mutants.mjs'),
      ...['--boot', '--arch', 'x86_64', '--only', 'exit-code-lost,init-panics'],
    ],
    timeoutMs: 20 * minutes,
  },
  {
    title: 'images that attack, booted',
    program: installed('zx'),
    args: () => [join(projectFolder, 'tools', 'hostile.mjs'), '--short'],
    timeoutMs: 20 * minutes,
  },
  {
    title: 'verification of both reference images',
    program: installed('zx'),
    args: (resultFile) => [
      join(projectFolder, 'harness', 'verify.mjs'),
      '--quick',
      '--fresh',
      '--out',
      dirname(resultFile),
    ],
    timeoutMs: 40 * minutes,
    count: countReport,
  },
]
