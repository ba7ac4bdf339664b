import { yoctoBill } from '../../../fixtures/static/cases/deployed-cases.ts'
import type { StaticMutant } from '../variant.ts'
import { machineFolder } from './machine-folder.ts'

const unchanged = { tree: () => undefined }

export const deployedMutants: readonly StaticMutant[] = [
  {
    id: 'stale-copy',
    breaks: 'Runners start the image of the build before.',
    happens: 'Only the image was built again, and not the recipe that copies it.',
    ...unchanged,
    deployed: (imagePath) => machineFolder(imagePath, { built: 'A later image.' }).copy,
    fails: ['DEP-001'],
    finds: { message: /is not vpdmn-rootfs-image.*which was built last\.$/ },
  },
  {
    id: 'bill-of-another-build',
    breaks: 'Who looks for a vulnerable package in the bill overlooks those that it lacks.',
    happens: 'The bill was published from a build that had other packages.',
    ...unchanged,
    deployed: (imagePath) => machineFolder(imagePath, { bill: yoctoBill({ podman: '4.9' }) }).image,
    fails: ['DEP-002'],
    finds: { message: /^crun is in the image and not in the bill\.$/ },
  },
]
