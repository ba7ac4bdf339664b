import { hostname } from 'node:os'
import type { StartedTestContainer } from 'testcontainers'
import { EnvironmentFault } from '../../model/faults.ts'
import { isAlive, processMark } from '../../platform/process/process-mark.ts'
import type { Backend } from './backend.ts'
import { containerEngine } from './container-engine.ts'
import { loadTestcontainers } from './load-testcontainers.ts'
import { ensureRegistryImage } from './registry-image.ts'

const registryPort = 5000
const startLimitMs = 60_000
/** Set on our containers, so that the next run finds those of runs that were killed. */
const runLabel = 'vpdmn-conformance.run'

/** Overrides of whatever configuration the image has (distribution, "Override specific configuration options"). */
const environment = { REGISTRY_HTTP_RELATIVEURLS: 'true', REGISTRY_STORAGE_DELETE_ENABLED: 'true' }

/**
 * Starts the registry in a container of any engine that testcontainers finds. Throws EnvironmentFault where there is no
 * engine, no such image, or no answer.
 */
export async function startContainerBackend(folder: string, registryImage: string | undefined): Promise<Backend> {
  // Its helper container would have to be pulled from Docker Hub; containers of killed runs are removed here instead.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true'
  await removeContainersOfDeadRuns()
  const image = registryImage ?? (await ensureRegistryImage(folder))
  const container = await startContainer(image)
  return {
    upstream: {
      at: { origin: `http://${container.getHost()}:${container.getMappedPort(registryPort)}` },
      repositoryPrefix: '',
    },
    description: `${image} (testcontainers)`,
    stop: async () => {
      await container.stop({ timeout: 0, remove: true, removeVolumes: true })
    },
  }
}

async function startContainer(image: string): Promise<StartedTestContainer> {
  const { GenericContainer, Wait } = await loadTestcontainers()
  const container = new GenericContainer(image)
    .withExposedPorts(registryPort)
    .withEnvironment(environment)
    .withLabels({ [runLabel]: runIdentity() })
    .withWaitStrategy(Wait.forHttp('/v2/', registryPort))
    .withStartupTimeout(startLimitMs)
  try {
    return await container.start()
  } catch (cause) {
    throw new EnvironmentFault(
      'E_REGISTRY',
      `The registry image ${image} did not start and answer within ${startLimitMs / 1000} s: ${(cause as Error).message}. ` +
        'Choose an image that the engine has or can pull by --registry-image.',
      { cause },
    )
  }
}

/** Machine, process and its start: a reused process number does not pass for the run that died. */
const runIdentity = (): string => `${hostname()}/${processMark()}`

async function removeContainersOfDeadRuns(): Promise<void> {
  const engine = await containerEngine()
  for (const { Id, Labels } of await engine.container.list()) {
    const [host, mark = ''] = (Labels[runLabel] ?? '').split('/')
    if (host !== hostname() || isAlive(mark)) continue
    await engine.container.getById(Id).remove({ force: true, v: true })
  }
}
