import { type Requirement, rowsOfSuite } from '../../harness/model/requirement.ts'
import { answerRequirements } from './requirements/answers.ts'
import { daemonRequirements } from './requirements/daemon.ts'
import { diskRequirements } from './requirements/disks.ts'
import { exportRequirements } from './requirements/export.ts'
import { flowRequirements } from './requirements/flow.ts'
import { networkRequirements } from './requirements/network.ts'
import { shareRequirements } from './requirements/shares.ts'
import { xenRequirements } from './requirements/xen.ts'

/**
 * Asked of the images of every engine, and seen to be met by one of each. The others are podman's: what is asked of its variable or of
 * the layers of its store, and what no image of docker was seen to meet yet.
 */
const ofEveryEngine: readonly string[] = [
  ...['BOOT-001', 'BOOT-002', 'BOOT-003', 'BOOT-004', 'BOOT-005', 'BOOT-006', 'BOOT-007', 'BOOT-008', 'BOOT-009'],
  ...['BOOT-010', 'BOOT-018', 'BOOT-020', 'DMN-001', 'DMN-003', 'DMN-004', 'DMN-005', 'DMN-006', 'DMN-007', 'DMN-008'],
  ...['DMN-015', 'DMN-016', 'DMN-018', 'DMN-022', 'DMN-023', 'STA-001', 'INP-005', 'LAN-001', 'SHR-003', 'AUT-007'],
  ...['CRT-002', 'BOOT-014', 'BOOT-015', 'BOOT-016', 'BOOT-017', 'DMN-011', 'DMN-020', 'DMN-024', 'LAN-008', 'LAN-009'],
  ...['LAN-010', 'SHR-004', 'SHR-005', 'SHR-006', 'SHR-007', 'SHR-008', 'BOOT-013', 'BOOT-021', 'LAN-002', 'LAN-003'],
  ...['LAN-004', 'AUT-001', 'AUT-002', 'AUT-004', 'AUT-006', 'CRT-001'],
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
