import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runTool } from '../platform/process/run-tool.ts'
import { copyByTls, type SampleRegistry, startSampleRegistry } from '../registry/sample-registry.ts'
import { workloadTable } from './images/table.ts'
import { digestOf } from './pack-layer.ts'
import { pushWorkloads } from './push-workloads.ts'
import { sampleWorkloads } from './sample-workloads.ts'

const namesOf = (isHostile: boolean) =>
  workloadTable.filter(({ hostile }) => (hostile !== undefined) === isHostile).map(({ name }) => name)
const large = ['large-layer', 'hostile-gzip-bomb']
const soundNames = namesOf(false).filter((name) => !large.includes(name))
const hostileNames = namesOf(true).filter((name) => !large.includes(name))

let sample: SampleRegistry
beforeAll(async () => {
  sample = await startSampleRegistry([...soundNames, ...hostileNames])
}, 120_000)
afterAll(() => sample.lifetime.end())

const layersOf = async (name: string): Promise<Buffer[]> => {
  const [manifest] = sample.workloads.named(name).manifests
  return Promise.all((manifest?.layers ?? []).map(({ digest }) => readFile(sample.workloads.blobPath(digest))))
}

const listing = async (name: string): Promise<string> => {
  const last = (await layersOf(name)).at(-1) as Buffer
  const { stdout } = await runTool('tar', ['--list', '--verbose', '--numeric-owner', '--absolute-names'], {
    timeoutMs: 10_000,
    input: gunzipSync(last),
  })
  return stdout.toString()
}

describe('the workload table', () => {
  test('has unique names and references', () => {
    const references = workloadTable.flatMap((workload) => workload.references)
    expect(new Set(references).size).toBe(references.length)
    expect(new Set(workloadTable.map(({ name }) => name)).size).toBe(workloadTable.length)
  })

  test('gives the same bytes each time it is made', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vpdmn-workloads-'))
    const again = await sampleWorkloads(folder, soundNames)
    await rm(folder, { recursive: true })
    for (const { name, index } of again.images) expect(index, name).toEqual(sample.workloads.named(name).index)
  })

  test.concurrent.each(soundNames)('%s is pulled with every architecture, each digest as stated', async (name) => {
    const [reference = ''] = workloadTable.find((workload) => workload.name === name)?.references ?? []
    const { exitCode, stderr } = await copyByTls(sample, reference, { options: ['--all', '--preserve-digests'] })
    expect(exitCode, stderr).toBe(0)
  })

  test.each(soundNames)('%s names the digests of its layers as they unpack', async (name) => {
    for (const { config, layers } of sample.workloads.named(name).manifests) {
      const { rootfs } = JSON.parse(await readFile(sample.workloads.blobPath(config.digest), 'utf8'))
      const unpacked = await Promise.all(
        layers.map(async ({ digest, mediaType }) =>
          digestOf(
            unpackers[mediaType.split(/[.+]/).at(-1) ?? '']?.(
              await readFile(sample.workloads.blobPath(digest)),
            ) as Buffer,
          ),
        ),
      )
      expect(rootfs.diff_ids).toEqual(unpacked)
    }
  })
})

const unpackers: Record<string, (blob: Buffer) => Buffer> = {
  gzip: (blob) => gunzipSync(blob),
  zstd: (blob) => zstdDecompressSync(blob),
  tar: (blob) => blob,
}

describe('the layers', () => {
  test('twenty-layers are twenty', async () => {
    expect(await layersOf('twenty-layers')).toHaveLength(20)
  })

  test('keep modes, owners beyond 65535, long names and links, as GNU tar reads them', async () => {
    expect(await listing('attributes')).toMatch(/^-rwsr-xr-x 0\/0 .* attributes\/setuid$/m)
    expect(await listing('attributes')).toMatch(/^---x------ .* attributes\/unreadable$/m)
    expect(await listing('attributes')).toMatch(/^drwxrwxrwt .* attributes\/sticky$/m)
    expect(await listing('large-ids')).toMatch(/100000\/100001 .* ids\/100000$/m)
    expect(await listing('long-names')).toMatch(new RegExp(`names/${'n'.repeat(255)}$`, 'm'))
    expect(await listing('hard-links')).toMatch(/links\/third link to links\/first$/m)
    expect(await listing('whiteouts')).toMatch(/whiteout\/remade\/new$/m)
  })

  test('carry extended attributes under the names that containers/storage reads', async () => {
    const archive = gunzipSync((await layersOf('attributes')).at(-1) as Buffer).toString('latin1')
    expect(archive).toContain('SCHILY.xattr.user.vpdmn=value\n')
    expect(archive).toContain('SCHILY.xattr.security.capability=\u0001\0\0\u0002\0\u0020\0\0')
  })
})

describe('a hostile image', () => {
  test.each([
    { name: 'hostile-path-traversal', entry: /\.\.\/\.\.\/tmp\/vpdmn-escaped$/m },
    { name: 'hostile-absolute-path', entry: / \/tmp\/vpdmn-escaped$/m },
    { name: 'hostile-symlink-escape', entry: /way-out -> (\.\.\/)+tmp$/m },
    { name: 'hostile-hardlink-escape', entry: /stolen link to (\.\.\/)+etc\/passwd$/m },
  ])('$name really holds what has to be refused', async ({ name, entry }) => {
    expect(await listing(name)).toMatch(entry)
  })

  test('hostile-truncated-layer ends in the middle of its stream', async () => {
    const layer = (await layersOf('hostile-truncated-layer')).at(-1) as Buffer
    expect(() => gunzipSync(layer)).toThrow(/unexpected end/)
  })
})

describe('a push', () => {
  test('of what the registry has sends nothing again', async () => {
    const before = sample.registry.requests().length
    await pushWorkloads(sample.workloads, sample.registry, ['alpine'])
    expect(sample.registry.requests()).toHaveLength(before)
  })

  test('of an unknown name is a programming error', async () => {
    await expect(pushWorkloads(sample.workloads, sample.registry, ['none'])).rejects.toThrow(/no workload "none"/)
  })

  test('to a port where nobody listens is a fault of the environment', async () => {
    await expect(pushWorkloads(sample.workloads, { plainPort: 1 }, ['alpine'])).rejects.toMatchObject({ exitCode: 3 })
  })
})
