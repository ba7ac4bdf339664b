import type { StaticCheck } from './check.ts'
import { configurationChecks } from './checks/configuration.ts'
import { fileSystemChecks } from './checks/file-system.ts'
import { initChecks } from './checks/init.ts'
import { programChecks } from './checks/programs.ts'

/** The static catalogue, area by area, in the order of reports. */
export const catalogue: readonly (readonly StaticCheck[])[] = [
  fileSystemChecks,
  programChecks,
  initChecks,
  configurationChecks,
]
