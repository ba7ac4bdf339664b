import type { StaticCheck } from './check.ts'
import { configurationChecks } from './checks/configuration.ts'
import { containersChecks } from './checks/containers.ts'
import { elfChecks } from './checks/elf.ts'
import { fileSystemChecks } from './checks/file-system.ts'
import { furtherFileChecks } from './checks/further-files.ts'
import { initChecks } from './checks/init.ts'
import { initProvidesChecks } from './checks/init-provides.ts'
import { networkChecks } from './checks/network.ts'
import { ownerChecks } from './checks/owners.ts'
import { pairChecks } from './checks/pairs.ts'
import { policyChecks } from './checks/policy.ts'
import { programFileChecks } from './checks/program-files.ts'
import { programChecks } from './checks/programs.ts'
import { containersReferenceChecks, registryReferenceChecks, storageReferenceChecks } from './checks/references.ts'
import { registryChecks } from './checks/registries.ts'
import { registrySourceChecks } from './checks/registry-sources.ts'
import { reproducibilityChecks } from './checks/reproducibility.ts'
import { securityChecks } from './checks/security.ts'
import { sizeChecks } from './checks/sizes.ts'
import { storageChecks } from './checks/storage.ts'
import { tlsChecks } from './checks/tls.ts'
import { userChecks } from './checks/users.ts'
import { wholeListChecks } from './checks/whole-lists.ts'

/** The static catalogue, area by area, in the order of reports. */
export const catalogue: readonly (readonly StaticCheck[])[] = [
  fileSystemChecks,
  wholeListChecks,
  elfChecks,
  programChecks,
  programFileChecks,
  initChecks,
  initProvidesChecks,
  configurationChecks,
  furtherFileChecks,
  policyChecks,
  registryChecks,
  registryReferenceChecks,
  registrySourceChecks,
  storageChecks,
  storageReferenceChecks,
  containersChecks,
  containersReferenceChecks,
  pairChecks,
  networkChecks,
  tlsChecks,
  userChecks,
  securityChecks,
  ownerChecks,
  sizeChecks,
  reproducibilityChecks,
]
