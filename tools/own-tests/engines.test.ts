import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { engines } from '../../harness/contract/engines.ts'
import { engineNames } from '../../harness/model/engine.ts'
import { projectFolder } from '../../harness/platform/call-folder.ts'
import { builtInProfiles } from '../../harness/profile/built-in-profiles.ts'
import { loadProfile } from '../../harness/profile/profile.ts'
import { suitesOf } from '../../suites/all-requirements.ts'
import { askedOf, requirementsOf } from '../../suites/requirements.ts'

const modules = globSync('{harness,suites,tools,fixtures}/**/*.{ts,mjs}', { cwd: projectFolder }).filter(
  (path) => !/\.(?:test|generated)\.ts$/.test(path),
)

/** Lines of modules that match, as `path: line`. */
const linesWith = (pattern: RegExp): string[] =>
  modules.flatMap((path) =>
    readFileSync(join(projectFolder, path), 'utf8')
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  )

const name = `'(?:${engineNames.join('|')})'`

describe('what differs between engines', () => {
  test('stands in tables, and no branch asks which engine it is', () => {
    const asked = `(?:engine|Engine|runtime)\\w*`
    expect(linesWith(new RegExp(`${asked} [!=]==? ${name}|${name} [!=]==? [\\w.]*${asked}|case 'docker'`))).toEqual([])
    expect(linesWith(/[!=]==? 'docker'/)).toEqual([
      // A key of policy.json's, for transports of that name (containers-policy.json(5)).
      "harness/inspect/further-files/signature-stores.ts: } else if (outline.top.at(-1) === 'docker') {",
    ])
  })

  test('stands in tables of which the compiler demands a row for each', () => {
    const filesWith = (engine: string) =>
      new Set(linesWith(new RegExp(`^\\s*${engine}: `)).map((line) => line.split(': ', 1)[0] as string))
    const [podman, docker] = engineNames.map(filesWith) as [Set<string>, Set<string>]
    const tables = [...podman].filter((path) => docker.has(path))
    const isTyped = (path: string) => /Record<EngineName, /.test(readFileSync(join(projectFolder, path), 'utf8'))
    expect(tables.length).toBeGreaterThan(2)
    expect(tables.filter((path) => !isTyped(path))).toEqual([])
  })

  test.each(engineNames)('%s has a profile, and its images are judged by some suite', async (engine) => {
    const profiles = await Promise.all(builtInProfiles.map((profile) => loadProfile(profile)))
    expect(profiles.map(({ contract }) => contract.engine)).toContain(engine)
    expect(suitesOf(engine)).toContain('static')
  })

  test('is named in what is asked of an image by the names of its own engine', () => {
    const asked = askedOf('docker', requirementsOf(['boot'], false))
    expect(asked.map(({ title }) => title)).toContain('Without docker_network the network stays down')
    const texts = asked.map(({ title, why, remedy }) => `${title} ${why} ${remedy}`)
    expect(texts.filter((text) => /podman|vpdmn/i.test(text))).toEqual([])
  })

  test('is not shared by chance: no two rows have a name in common', () => {
    const rows = Object.values(engines).map(({ prefix, store, sdkFolder, deployFolder, shareTags, recipes }) => [
      prefix,
      store,
      sdkFolder,
      deployFolder,
      ...Object.values(shareTags),
      ...Object.values(recipes),
    ])
    expect(new Set(rows.flat()).size).toBe(rows.flat().length)
  })
})
