import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EnvironmentFault } from '../../model/faults.ts'
import { runTool } from '../../platform/process/run-tool.ts'
import { containerEngine } from './container-engine.ts'
import { loadTestcontainers } from './load-testcontainers.ts'

const program = '/usr/bin/docker-registry'
const toolLimitMs = 10_000

/** Only what the image needs to listen; the rest is set for all registry images alike, by environment variables. */
const configuration = {
  version: 0.1,
  log: { level: 'warn', accesslog: { disabled: true } },
  storage: { filesystem: { rootdirectory: '/var/lib/registry' }, cache: { blobdescriptor: 'inmemory' } },
  http: { addr: ':5000' },
}

const dockerfile = `FROM scratch
COPY root /
EXPOSE 5000
ENTRYPOINT ["${program}", "serve", "/registry.json"]
`

/**
 * Returns the name of an image of this machine's docker-registry and the libraries it needs, built from nothing, so
 * that the engine needs no public registry. Built once per version of the program.
 */
export async function ensureRegistryImage(folder: string): Promise<string> {
  const files = [program, ...(await librariesOf(program))]
  const name = `localhost/vpdmn-conformance-registry:${await hashOf(files)}`
  const { GenericContainer, ImageName } = await loadTestcontainers()
  const engine = await containerEngine()
  if (await engine.image.exists(ImageName.fromString(name))) return name
  const context = join(folder, 'registry-image')
  await writeContext(context, files)
  await GenericContainer.fromDockerfile(context).build(name, { deleteOnExit: false })
  return name
}

/** Absolute paths of the shared libraries and the loader, as ldd(1) lists them. */
async function librariesOf(path: string): Promise<string[]> {
  const { exitCode, stdout } = await runTool('ldd', [path], { timeoutMs: toolLimitMs })
  if (exitCode !== 0)
    throw new EnvironmentFault(
      'E_REGISTRY',
      `${path} is missing, from which the registry's image is built: install the package docker-registry ` +
        '("npm run setup") or choose an image by --registry-image.',
    )
  return [...stdout.toString().matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map(([, library = '']) => library)
}

async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(dockerfile).update(JSON.stringify(configuration))
  for (const file of files) hash.update(file).update(await readFile(file))
  return hash.digest('hex').slice(0, 16)
}

async function writeContext(context: string, files: readonly string[]): Promise<void> {
  const root = join(context, 'root')
  for (const file of files) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await copyFile(file, join(root, file))
  }
  await writeFile(join(root, 'registry.json'), JSON.stringify(configuration))
  await writeFile(join(context, 'Dockerfile'), dockerfile)
}
