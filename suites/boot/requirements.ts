import { type Requirement, rowsOfSuite } from '../../harness/model/requirement.ts'
import { answerRequirements } from './requirements/answers.ts'
import { daemonRequirements } from './requirements/daemon.ts'
import { diskRequirements } from './requirements/disks.ts'
import { exportRequirements } from './requirements/export.ts'
import { flowRequirements } from './requirements/flow.ts'
import { networkRequirements } from './requirements/network.ts'
import { shareRequirements } from './requirements/shares.ts'
import { xenRequirements } from './requirements/xen.ts'

/** Asked of the images of every engine. The others are podman's: they give it commands, look into its store or keep a session. */
const ofEveryEngine: readonly string[] = [
  ...['BOOT-001', 'BOOT-002', 'BOOT-003', 'BOOT-004', 'BOOT-008', 'BOOT-009', 'BOOT-010', 'BOOT-018', 'BOOT-020'],
  ...['STA-001', 'INP-005', 'LAN-001', 'SHR-003', 'AUT-007', 'CRT-002'],
]

/** What the image must answer to the runners that boot it. */
export const bootRequirements: readonly Requirement[] = rowsOfSuite(
  'boot',
  ...[
    flowRequirements,
    answerRequirements,
    diskRequirements,
    exportRequirements,
    networkRequirements,
    shareRequirements,
    daemonRequirements,
    xenRequirements,
  ].map((table) => table.map((row) => (ofEveryEngine.includes(row.id) ? row : { ...row, engine: 'podman' as const }))),
)
