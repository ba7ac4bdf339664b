import { EnvironmentFault } from '../../model/faults.ts'

/** The optional package and its 150 dependencies, loaded when a container is asked for. Throws EnvironmentFault where it is not installed. */
export async function loadTestcontainers(): Promise<typeof import('testcontainers')> {
  try {
    return await import('testcontainers')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause
    throw new EnvironmentFault(
      'E_NO_PACKAGE',
      'The optional npm package testcontainers, which --registry testcontainers requires, is not installed: ' +
        'run "npm install --include=optional", or use --registry process.',
      { cause },
    )
  }
}
