import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { loadProfile } from '../../harness/profile/profile.ts'
import { judgeMutant } from './judge-mutant.ts'
import { mutantOf, readOriginals } from './mutant.ts'

// Judges the mutants whose indices come in, a line each, and answers a line of JSON. Started with a seed, the folder of
// the originals and a folder of its own; Node lets it write nowhere else.
const [seed = '', originalsFolder = '', folder = ''] = process.argv.slice(2)
const profile = await loadProfile('vpdmn')
const originals = readOriginals(originalsFolder)
const imageName = 'mutant.squashfs'

for await (const line of createInterface({ input: process.stdin })) {
  const path = join(folder, imageName)
  writeFileSync(path, mutantOf(Number(seed), Number(line), originals).image)
  process.stdout.write(`${JSON.stringify(await judged(path))}\n`)
}

async function judged(path: string) {
  try {
    const outcome = await judgeMutant(path, profile)
    const strays = readdirSync(folder).filter((name) => name !== imageName)
    if (strays.length > 0) throw new Error(`It left files behind: ${strays.join(', ')}.`)
    return { outcome, memoryBytes: process.resourceUsage().maxRSS * 1024 }
  } catch (error) {
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
