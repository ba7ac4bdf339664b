import { expect } from 'vitest'
import { requirement } from '../../harness/run/requirement-test.ts'
import { escapedPath } from '../../harness/workloads/images/hostile.ts'
import { longTimeoutMs } from './bounds.ts'
import { expectNoHalfImage, pullTimeoutMs } from './clean-pull.ts'
import { isPodmanSince } from './era.ts'
import { hostileByRequirement } from './requirements/faults.ts'

/** The first podman that compares a layer with the configuration's diff ID: the remedy of CVE-2024-3727. */
const comparesLayersSince = '5.0.3'

/** Less than the bomb unpacks to, so that it bursts soon. */
const smallStore =
  'mkdir -p /var/lib/containers/storage && mount -t tmpfs -o size=96m tmpfs /var/lib/containers/storage'

/** Defines the test of each hostile image whose requirement lies in the range. */
function pullsHostileImages(first: string, last: string): void {
  for (const [id, { name, references, hostile }] of hostileByRequirement) {
    if (id < first || id > last) continue
    requirement(id, longTimeoutMs, async ({ guest, skip }) => {
      if (name === 'hostile-wrong-diff-id' && !(await isPodmanSince(guest, comparesLayersSince)))
        skip(`podman before ${comparesLayersSince} does not compare layers with their diff IDs (CVE-2024-3727).`)
      if (name === 'hostile-gzip-bomb') await guest.agent.mustShell(smallStore)
      const before = await guest.agent.mustShell('cat /etc/passwd')
      const image = `docker.io/${references[0]}`
      const pull = await guest.podman(['pull', '-q', image], { timeoutMs: pullTimeoutMs })
      expect(pull.timedOut, `whether the pull had to be ended after ${pullTimeoutMs / 1000} s`).toBe(false)
      if (hostile === 'refused') {
        expect(pull.exitCode, `exit code of the pull: ${pull.stderr}`).toBe(125)
        await expectNoHalfImage(guest)
      }
      const outside = await guest.agent.mustShell(`ls -d /${escapedPath} 2> /dev/null; cat /etc/passwd`)
      expect(outside, 'what the layer wrote outside its root, and the guest’s /etc/passwd').toBe(before)
      if (pull.exitCode === 0) {
        const root = await guest.mustPodman(['image', 'mount', image])
        const stolen = await guest.agent.shell(`[ '${root}/stolen' -ef /etc/passwd ]`)
        expect(stolen.exitCode, 'whether a file of the image is the guest’s /etc/passwd; 1 is no').toBe(1)
      }
    })
  }
}

pullsHostileImages('HOS-001', 'HOS-099')
