import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { SuiteCoordinates } from '../guest/prepare/coordinates.ts'
import type { Lifetime } from '../platform/process/lifetime.ts'
import { removeFolder } from '../platform/process/remove-folder.ts'
import { sharedInFile } from './shared-in-file.ts'

export interface BootEnvironment {
  coordinates: SuiteCoordinates
  /** A folder of the host for disks and shares; removed with the lifetime. */
  folder: string
  lifetime: Lifetime
}

/**
 * One piece of work, usually a boot, that answers for several requirements of a test file. Where it fails as a whole, that is a
 * failure of its owner, by which the others are blocked.
 */
export function sharedBoot<T>(owner: string, work: (environment: BootEnvironment) => Promise<T>): () => Promise<T> {
  return sharedInFile(async (lifetime) => {
    const coordinates = inject('coordinates')
    const folder = await mkdtemp(join(coordinates.runFolder, 'boot-'))
    lifetime.defer(() => removeFolder(folder))
    return work({ coordinates, folder, lifetime })
  }, owner)
}
