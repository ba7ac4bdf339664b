import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { CallFault, EnvironmentFault } from '../model/faults.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { requireTool, runTool } from '../platform/process/run-tool.ts'
import { ensureSampleEngine } from './backend/sample-engine.ts'
import { basicLogin } from './fault/logins.ts'
import { openFront } from './front/open-front.ts'
import { copyByTls, type SampleRegistry, startSampleRegistry } from './sample-registry.ts'
import { startRegistry } from './start-registry.ts'

const alpine = 'library/alpine:latest'
const opened: SampleRegistry[] = []
const open = async (mode?: string): Promise<SampleRegistry> => {
  const sample = await startSampleRegistry(['alpine'], mode)
  opened.push(sample)
  return sample
}
afterEach(async () => {
  for (const sample of opened.splice(0).reverse()) await sample.lifetime.end()
})

/** Starts in a folder that is removed again, for calls that fail. */
async function startIn(mode: string, name = 'x') {
  const root = await mkdtemp(join(tmpdir(), 'vpdmn-start-'))
  const lifetime = new Lifetime()
  await mkdir(join(root, name))
  try {
    return await startRegistry({ mode, folder: join(root, name), lifetime })
  } finally {
    await lifetime.end()
    await rm(root, { recursive: true })
  }
}

/** Command lines of the registries that use a folder. */
async function registriesIn(folder: string): Promise<string[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const commandLines = await Promise.all(
    processes.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  )
  return commandLines.filter((line) => line.startsWith('docker-registry') && line.includes(folder))
}

describe('the registry as a process', () => {
  test('serves by TLS what was pushed to its plain port, for both architectures', async () => {
    const sample = await open()
    expect(await copyByTls(sample, alpine, { options: ['--all', '--preserve-digests'] })).toMatchObject({ exitCode: 0 })
  })

  test('takes pushes by TLS, with a layer mounted from another repository', async () => {
    const sample = await open()
    const { caFolder, tlsPort } = sample.registry
    const certificates = ['--src-cert-dir', caFolder, '--dest-cert-dir', caFolder]
    const [from, to] = [alpine, 'pushed/image:1'].map((name) => `docker://localhost:${tlsPort}/${name}`)
    await requireTool('skopeo', ['copy', ...certificates, from as string, to as string], { timeoutMs: 30_000 })
    expect(await copyByTls(sample, 'pushed/image:1')).toMatchObject({ exitCode: 0 })
    expect(sample.registry.requests().some(({ method, status }) => method === 'PUT' && status === 201)).toBe(true)
  })

  test('ends with the lifetime of its run: no process, no port', async () => {
    const sample = await open()
    const { plainPort } = sample.registry
    expect(await registriesIn(sample.folder)).toHaveLength(1)
    await sample.lifetime.end()
    expect(await registriesIn(sample.folder)).toEqual([])
    await expect(fetch(`http://127.0.0.1:${plainPort}/v2/`)).rejects.toThrow()
  })

  test('makes no folder again that the end of its run has removed', async () => {
    const folder = join(tmpdir(), `removed-${process.pid}`)
    const starting = startRegistry({ mode: 'process', folder, lifetime: new Lifetime() })
    await expect(starting).rejects.toMatchObject({ code: 'ENOENT' })
    expect(existsSync(folder)).toBe(false)
  })

  test('names the path that is too long for its socket', async () => {
    await expect(startIn('process', 'long'.repeat(30))).rejects.toThrow(/TMPDIR/)
  })
})

describe('an existing registry', () => {
  const account = { username: 'worker', password: 'p@ss' }

  test('is used below a name of our own, and nothing else of it is shown', async () => {
    const theirs = await startSampleRegistry(['alpine', 'quay-only'])
    opened.push(theirs)
    const ours = await open(`http://127.0.0.1:${theirs.registry.plainPort}`)
    expect(await copyByTls(ours, alpine)).toMatchObject({ exitCode: 0 })
    expect(await copyByTls(theirs, `vpdmn-conformance/${alpine}`)).toMatchObject({ exitCode: 0 })
    expect(await copyByTls(theirs, 'quay.io/vpdmn/quay-only:latest')).toMatchObject({ exitCode: 0 })
    expect((await copyByTls(ours, 'quay.io/vpdmn/quay-only:latest')).exitCode).not.toBe(0)
  })

  test('gets the login of its address with every request', async () => {
    const theirs = await open()
    const { upstream } = theirs.registry.coordinates
    const guarded = await openFront({ upstream, faults: [basicLogin(account)] })
    theirs.lifetime.defer(() => guarded.close())
    await expect(startIn(`http://127.0.0.1:${guarded.port}`)).rejects.toThrow(/USER:PASSWORD@/)
    const ours = await open(`http://worker:p%40ss@127.0.0.1:${guarded.port}`)
    expect(await copyByTls(ours, alpine)).toMatchObject({ exitCode: 0 })
    await ours.lifetime.end()
  })

  test.each(['proces', 'ftp://registry.test', 'http://registry.test/path', ''])(
    'is not "%s": a wrong call',
    async (mode) => {
      await expect(startIn(mode)).rejects.toThrow(CallFault)
    },
  )

  test('that does not answer is a fault of the environment', async () => {
    await expect(startIn('http://127.0.0.1:1')).rejects.toThrow(EnvironmentFault)
  })
})

describe('the registry in a container', () => {
  test('serves what was pushed, from an image made of this machine’s registry', {
    timeout: 180_000,
  }, async (context) => {
    const engineLifetime = new Lifetime()
    const obstacle = await ensureSampleEngine(engineLifetime)
    onTestFinished(() => engineLifetime.end())
    if (obstacle) return context.skip(obstacle)
    const sample = await open('testcontainers')
    expect(await copyByTls(sample, alpine, { options: ['--all', '--preserve-digests'] })).toMatchObject({ exitCode: 0 })
  })

  test('cannot start without an engine, and says what was tried', async () => {
    const call =
      "import('./start-registry.ts').then((m) => m.startRegistry({ mode: 'testcontainers', folder: process.argv[1] }))"
    const folder = await mkdtemp(join(tmpdir(), 'vpdmn-start-'))
    const { exitCode, stderr } = await runTool(process.execPath, ['--input-type=module', '--eval', call, folder], {
      timeoutMs: 30_000,
      cwd: import.meta.dirname,
      env: { DOCKER_HOST: 'unix:///nowhere', HOME: folder, XDG_RUNTIME_DIR: folder },
    })
    await rm(folder, { recursive: true })
    expect(exitCode).not.toBe(0)
    expect(stderr).toMatch(/EnvironmentFault.*No container engine is reachable[\s\S]*DOCKER_HOST/)
  })
})
