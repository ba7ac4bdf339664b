import { machineFolder } from '../mutants/static/machine-folder.ts'
import type { Variant } from '../mutants/variant.ts'

export const deployedEquivalents: readonly Variant[] = [
  {
    id: 'copy-for-runners',
    happens: 'Image and copy are built in one call.',
    tree: () => undefined,
    deployed: (imagePath) => machineFolder(imagePath).copy,
  },
]
