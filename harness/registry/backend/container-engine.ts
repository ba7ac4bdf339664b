import { EnvironmentFault } from '../../model/faults.ts'
import { loadTestcontainers } from './load-testcontainers.ts'

/** Where testcontainers looks for an engine, in its order. */
const enginePlaces = [
  'TESTCONTAINERS_HOST_OVERRIDE and tc.host of ~/.testcontainers.properties',
  'DOCKER_HOST',
  '/var/run/docker.sock',
  "the rootless sockets of this user's runtime folder",
]

/** The engine's client. Throws EnvironmentFault where none is reachable. */
export async function containerEngine() {
  const { getContainerRuntimeClient } = await loadTestcontainers()
  try {
    return await getContainerRuntimeClient()
  } catch (cause) {
    throw new EnvironmentFault(
      'E_NO_ENGINE',
      `No container engine is reachable for --registry testcontainers; tried ${enginePlaces.join(', ')}. ` +
        'Start one, or use --registry process.',
      { cause },
    )
  }
}
