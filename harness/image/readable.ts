import { CallFault } from '../model/faults.ts'
import type { ImageFile } from './image-file.ts'
import { SquashfsDamage } from './squashfs/damage.ts'

/** What a step reads of an image; throws CallFault where the image is too damaged for it. */
export function readable<T>(file: Pick<ImageFile, 'path'>, step: () => T): T {
  try {
    return step()
  } catch (cause) {
    if (cause instanceof SquashfsDamage)
      throw new CallFault(`${file.path} cannot be read: ${cause.message}.`, { cause })
    throw cause
  }
}
