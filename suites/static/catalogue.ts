import type { StaticCheck } from './check.ts'
import { configurationChecks } from './checks/configuration.ts'
import { containerDefaultChecks } from './checks/container-defaults.ts'
import { containersChecks } from './checks/containers.ts'
import { deployedChecks } from './checks/deployed.ts'
import { elfChecks } from './checks/elf.ts'
import { fileSystemChecks } from './checks/file-system.ts'
import { firewallVariantChecks } from './checks/firewall-variant.ts'
import { furtherFileChecks } from './checks/further-files.ts'
import { initChecks } from './checks/init.ts'
import { initProvidesChecks } from './checks/init-provides.ts'
import { initWriteChecks } from './checks/init-writes.ts'
import { interpreterChecks } from './checks/interpreters.ts'
import { kernelChecks } from './checks/kernel.ts'
import { linkChecks } from './checks/links.ts'
import { networkChecks } from './checks/network.ts'
import { ownerChecks } from './checks/owners.ts'
import { pairChecks } from './checks/pairs.ts'
import { policyChecks } from './checks/policy.ts'
import { policyScopeChecks } from './checks/policy-scopes.ts'
import { programFileChecks } from './checks/program-files.ts'
import { programChecks } from './checks/programs.ts'
import { recordedPrivilegeChecks } from './checks/recorded-privileges.ts'
import { containersReferenceChecks, registryReferenceChecks, storageReferenceChecks } from './checks/references.ts'
import { registryChecks } from './checks/registries.ts'
import { registryLookUpChecks } from './checks/registry-lookups.ts'
import { registrySourceChecks } from './checks/registry-sources.ts'
import { reproducibilityChecks } from './checks/reproducibility.ts'
import { runtimeSpecificationChecks } from './checks/runtime-specification.ts'
import { securityChecks } from './checks/security.ts'
import { sizeChecks } from './checks/sizes.ts'
import { startingChecks } from './checks/starting.ts'
import { storageChecks } from './checks/storage.ts'
import { tlsChecks } from './checks/tls.ts'
import { userChecks } from './checks/users.ts'
import { wholeListChecks } from './checks/whole-lists.ts'

/** The static catalogue, area by area, in the order of reports. */
export const catalogue: readonly (readonly StaticCheck[])[] = [
  fileSystemChecks,
  linkChecks,
  interpreterChecks,
  wholeListChecks,
  startingChecks,
  elfChecks,
  programChecks,
  programFileChecks,
  initChecks,
  initProvidesChecks,
  initWriteChecks,
  configurationChecks,
  furtherFileChecks,
  policyChecks,
  policyScopeChecks,
  registryChecks,
  registryReferenceChecks,
  registrySourceChecks,
  registryLookUpChecks,
  storageChecks,
  storageReferenceChecks,
  containersChecks,
  containersReferenceChecks,
  containerDefaultChecks,
  pairChecks,
  runtimeSpecificationChecks,
  networkChecks,
  firewallVariantChecks,
  kernelChecks,
  tlsChecks,
  userChecks,
  securityChecks,
  ownerChecks,
  recordedPrivilegeChecks,
  sizeChecks,
  reproducibilityChecks,
  deployedChecks,
]
