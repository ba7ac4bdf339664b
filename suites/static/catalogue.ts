import { ofEngine } from '../../harness/model/requirement.ts'
import type { StaticCheck } from './check.ts'
import { configurationChecks } from './checks/configuration.ts'
import { containerDefaultChecks } from './checks/container-defaults.ts'
import { containersChecks } from './checks/containers.ts'
import { deployedChecks } from './checks/deployed.ts'
import { dockerDaemonChecks } from './checks/docker-daemon.ts'
import { dockerFolderChecks } from './checks/docker-folders.ts'
import { dockerRegistryChecks } from './checks/docker-registry.ts'
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

/** What only podman reads or runs; rows of other tables name their engine themselves, where they have one. */
const ofPodman = (checks: readonly StaticCheck[]): readonly StaticCheck[] => ofEngine('podman', checks)

const ofDocker = (checks: readonly StaticCheck[]): readonly StaticCheck[] => ofEngine('docker', checks)

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
  ofPodman(configurationChecks),
  ofPodman(furtherFileChecks),
  policyChecks,
  policyScopeChecks,
  ofPodman(registryChecks),
  ofPodman(registryReferenceChecks),
  ofPodman(registrySourceChecks),
  ofPodman(registryLookUpChecks),
  ofPodman(storageChecks),
  ofPodman(storageReferenceChecks),
  ofPodman(containersChecks),
  ofPodman(containersReferenceChecks),
  ofPodman(containerDefaultChecks),
  ofPodman(pairChecks),
  ofPodman(runtimeSpecificationChecks),
  ofPodman(networkChecks),
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
  ofDocker(dockerDaemonChecks),
  ofDocker(dockerRegistryChecks),
  ofDocker(dockerFolderChecks),
]
