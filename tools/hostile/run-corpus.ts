import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from '../../harness/report/schema.ts'
import { type HostileImage, hostileImages } from './hostile-images.ts'
import { packHostileImage } from './pack-hostile-image.ts'
import { type ApartRun, runTogether } from './run-apart.ts'

/** An image of the corpus boots once or twice, 15 s each on an idle machine. */
const runTimeoutMs = 900_000
/** SECURITY.md promises it of the process; Node itself takes some 150 MiB of it. */
const maxPeakBytes = 1024 ** 3

/** Stands in a file of the host and in the environment of the harness, and must stand nowhere in what a run tells. */
const secret = 'of-the-host-and-of-nobody-else'

export interface CorpusResult {
  image: HostileImage
  /** Of two at once the one that took longer. */
  run: ApartRun
  /** What is wrong, in sentences; none where the attack came to nothing. */
  faults: string[]
}

/**
 * Judges one image of the corpus as a verification does, and what became of the machine that did; with what is judged beside it,
 * by a run of its own at the same time, in the same temporary folder and with the same cache.
 * @param folder for the image and its reports
 * @param temporary the run's TMPDIR, with a path that is short enough for sockets in folders of it
 */
export async function runHostileImage(
  image: HostileImage,
  { folder, temporary, seed }: { folder: string; temporary: string; seed: number },
): Promise<CorpusResult> {
  const host = join(folder, 'host')
  await mkdir(host, { recursive: true })
  await writeFile(join(host, 'secret'), secret)
  const judged = [image, ...hostileImages.filter(({ id }) => id === image.beside)]
  const outOf = ({ id }: HostileImage) => join(folder, `${id}.out`)
  const calls: string[][] = []
  for (const one of judged)
    calls.push([await packHostileImage(one, folder, host), outOf(one), String(seed), ...one.asked])
  const script = join(import.meta.dirname, 'judge-hostile.ts')
  const environment = { SECRET_OF_THE_HOST: secret }
  const runs = await runTogether(script, calls, temporary, { timeoutMs: runTimeoutMs, environment })
  const faults = await Promise.all(judged.map((one, index) => faultsOf(one, runs[index] as ApartRun, outOf(one))))
  const [longest] = runs.toSorted((run, other) => other.durationMs - run.durationMs)
  return { image, run: longest as ApartRun, faults: faults.flat() }
}

const faultsOf = async (image: HostileImage, run: ApartRun, out: string): Promise<string[]> =>
  [...faultsOfRun(run), ...(await faultsOfReport(image, out)), ...(await secretsIn(out, run.output))].map(
    (fault) => `${image.id}: ${fault}`,
  )

function faultsOfRun({ exitCode, peakBytes, left, output }: ApartRun): string[] {
  const wrongCode = exitCode === 1 ? [] : [`Exit code ${exitCode}, expected 1: ${output.trim().slice(-500)}`]
  const tooMuch = peakBytes > maxPeakBytes ? [`${Math.round(peakBytes / 1024 ** 2)} MiB of memory.`] : []
  return [...wrongCode, ...tooMuch, ...left.map((what) => `Left behind: ${what}.`)]
}

async function faultsOfReport({ asked, fails, told }: HostileImage, out: string): Promise<string[]> {
  const text = await readFile(join(out, 'report.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return ['There is no report.json.']
  const [image] = (JSON.parse(text) as Report).images
  const results = new Map(image?.requirements.map((result) => [result.id, result]))
  const passed = fails.filter((id) => results.get(id)?.status === 'pass').map((id) => `${id} passed.`)
  const broken = asked.filter((id) => results.get(id)?.status === 'error').map((id) => `${id} broke the harness.`)
  const findings = [...results.values()].flatMap((result) => result.findings.map(({ message }) => message))
  const untold = told && !findings.some((message) => told.test(message)) ? [`No finding says ${told}.`] : []
  return [...passed, ...broken, ...untold]
}

async function secretsIn(out: string, output: string): Promise<string[]> {
  const names = await readdir(out).catch(() => [])
  const texts = await Promise.all(names.map(async (name) => [name, await readFile(join(out, name), 'utf8')] as const))
  return [...texts, ['the output', output] as const]
    .filter(([, text]) => text.includes(secret))
    .map(([name]) => `The secret of the host stands in ${name}.`)
}
