import { registryCertificates } from '../../../harness/inspect/further-files/certificates.ts'
import { credentialFiles } from '../../../harness/inspect/further-files/credentials.ts'
import type { FileFault, FurtherFiles } from '../../../harness/inspect/further-files/further-file.ts'
import { containerHooks } from '../../../harness/inspect/further-files/hooks.ts'
import { defaultMounts, idRanges, notedAliases } from '../../../harness/inspect/further-files/line-files.ts'
import { containerNetworks } from '../../../harness/inspect/further-files/networks.ts'
import { preexecHooks } from '../../../harness/inspect/further-files/preexec-hooks.ts'
import { signatureStores } from '../../../harness/inspect/further-files/signature-stores.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { type Examination, finding, type StaticCheck, skipped } from '../check.ts'

/**
 * What podman and skopeo open besides what has requirements of its own (containers.conf, storage.conf, registries.conf,
 * policy.json, the seccomp profile, the CA bundle, accounts, hosts and name services), by the "FILES" of their manuals.
 * Not here: AppArmor profiles, which are loaded into the kernel; files below /run, which is empty at the start.
 */
const kinds: readonly FurtherFiles[] = [
  registryCertificates,
  signatureStores,
  credentialFiles,
  containerHooks,
  preexecHooks,
  containerNetworks,
  defaultMounts,
  idRanges,
  notedAliases,
]

const examineOutcome =
  (outcome: FileFault['outcome']) =>
  (image: InspectedImage): Examination => {
    const found = kinds.map((kind) => ({ kind, paths: kind.find(image) }))
    const examinedCount = found.reduce((sum, { paths }) => sum + paths.length, 0)
    if (examinedCount === 0) return skipped('The image has no such files.')
    const faults = found.flatMap(({ kind, paths }) => kind.judge(image, paths))
    const findings = faults
      .filter((fault) => fault.outcome === outcome)
      .map(({ path, message }) => finding(path, `${message}.`))
    return { examinedCount, findings }
  }

const source =
  'containers-certs.d(5), containers-registries.d(5), containers-auth.json(5), oci-hooks(5), containers-mounts.conf(5), subuid(5)'

export const furtherFileChecks: readonly StaticCheck[] = [
  {
    id: 'CFG-006',
    title: 'Podman accepts the certificates, credentials, hooks and signature stores that the image ships',
    severity: 'error',
    why: 'Podman reads all files of these folders, and one bad file makes each pull from a registry, or each start of a container, fail.',
    source,
    remedy: 'Correct the file, or remove it together with what it belonged to.',
    examine: examineOutcome('refused'),
  },
  {
    id: 'CFG-007',
    title: 'Every further file that podman reads has an effect',
    severity: 'warning',
    why: 'Podman passes over networks, mounts, certificates and ranges that it cannot use, and what they were for is missing.',
    source,
    remedy: 'Move or correct the file or line, or remove it.',
    examine: examineOutcome('ignored'),
  },
]
