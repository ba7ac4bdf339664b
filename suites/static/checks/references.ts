import type { FileKind } from '../../../harness/inspect/configuration/layers.ts'
import { deadReferences } from '../../../harness/inspect/configuration/references.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { type Examination, finding, type StaticCheck, skipped } from '../check.ts'

/** Looks for what the values of one kind of configuration name. */
const examineReferences =
  (kind: FileKind, nothing: string) =>
  (image: InspectedImage): Examination => {
    const prefix = kind === 'registries' ? 'registries.' : ''
    const { examinedCount, dead } = deadReferences(image, image.configuration[kind].values, prefix)
    if (examinedCount === 0) return skipped(nothing)
    const findings = dead.map(({ key, origin, message }) => finding(origin, `${key} names ${message}.`))
    return { examinedCount, findings }
  }

export const containersReferenceChecks: readonly StaticCheck[] = [
  {
    id: 'CON-008',
    title: 'What containers.conf names is in the image',
    severity: 'error',
    why: 'A time zone, range of ids, network or file that is not there stops podman at its start or at each container.',
    source:
      'containers.conf(5); podman-run(1), --userns, --network, --tz, --ulimit; containers/common pkg/config/config_local.go',
    remedy: 'Install what the value names (tzdata, a line in /etc/subuid and /etc/subgid), or take the key out.',
    examine: examineReferences('containers', 'containers.conf names nothing outside itself.'),
  },
]

export const storageReferenceChecks: readonly StaticCheck[] = [
  {
    id: 'STO-006',
    title: 'What storage.conf names is in the image',
    severity: 'error',
    why: 'Podman opens every additional store when it starts, and maps ids by the ranges of the account that is named.',
    source: 'containers-storage.conf(5), additionalimagestores, remap-user, root-auto-userns-user',
    remedy: 'Ship the store or the ranges in /etc/subuid and /etc/subgid, or take the key out.',
    examine: examineReferences('storage', 'storage.conf names no stores and no accounts.'),
  },
]

export const registryReferenceChecks: readonly StaticCheck[] = [
  {
    id: 'REG-007',
    title: 'The credential helpers that registries.conf names are in the image',
    severity: 'error',
    why: 'Podman runs each helper at every pull, and a missing one makes the pull fail.',
    source: 'containers-registries.conf(5), credential-helpers',
    remedy: 'Install docker-credential-NAME on the search path, or use "containers-auth.json" alone.',
    examine: examineReferences('registries', 'registries.conf names no helpers.'),
  },
]
