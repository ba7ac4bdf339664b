import { containerdProgram, runcProgram } from '../../../harness/inspect/docker/container-programs.ts'
import type { InspectedImage } from '../../../harness/inspect/inspect-image.ts'
import { type Examination, examined, finding, joinExaminations, type StaticCheck, skipped } from '../check.ts'

const [daemon, shim] = ['containerd', 'containerd-shim-runc-v2'] as const

/** A shim of an earlier containerd is understood by a later one, and not the other way round. */
function examineShim(image: InspectedImage): Examination {
  const [ofDaemon, ofShim] = [daemon, shim].map((name) => containerdProgram(image, name))
  if (ofDaemon?.major === undefined || ofShim?.major === undefined)
    return skipped(`${daemon} or ${shim} does not tell its version.`)
  if (ofShim.major <= ofDaemon.major) return examined()
  return examined(
    finding(ofShim.path, `It is of containerd ${ofShim.major}, and ${ofDaemon.path} is containerd ${ofDaemon.major}.`),
  )
}

function examineRunc(image: InspectedImage): Examination {
  const runc = runcProgram(image)
  if (runc?.knowsCgroup2 === undefined) return skipped('runc does not tell what it can do.')
  if (runc.knowsCgroup2) return examined()
  return examined(
    finding(runc.path, 'It is older than 1.0.0-rc91: it cannot manage control groups of version 2, which init mounts.'),
  )
}

export const dockerRuntimeChecks: readonly StaticCheck[] = [
  {
    id: 'DKR-007',
    title: 'containerd, its shim and runc are of releases that work together',
    severity: 'error',
    why: 'The daemons start and images are pulled; it is the first container that fails, as containerd does not understand its shim, or runc its control groups.',
    source:
      'containerd, core/runtime/v2/shim.go, parseStartResponse (“unsupported shim version”); docs.docker.com, "Runtime metrics", "Running Docker on cgroup v2"',
    remedy: 'Take containerd and its shim from one package, and runc of 1.0.0-rc91 or later.',
    examine: (image) => joinExaminations(examineShim(image), examineRunc(image)),
  },
]
