import { type Requirement, rowsOfSuite } from '../../harness/model/requirement.ts'
import { answerRequirements } from './requirements/answers.ts'
import { daemonRequirements } from './requirements/daemon.ts'
import { diskRequirements } from './requirements/disks.ts'
import { exportRequirements } from './requirements/export.ts'
import { flowRequirements } from './requirements/flow.ts'
import { networkRequirements } from './requirements/network.ts'
import { shareRequirements } from './requirements/shares.ts'
import { xenRequirements } from './requirements/xen.ts'

/** What the image must answer to the runners that boot it. */
export const bootRequirements: readonly Requirement[] = rowsOfSuite(
  'boot',
  flowRequirements,
  answerRequirements,
  diskRequirements,
  exportRequirements,
  networkRequirements,
  shareRequirements,
  daemonRequirements,
  xenRequirements,
)
