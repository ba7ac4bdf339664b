import { expect } from 'vitest'
import { forkOf } from '../../harness/run/podman-guest.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedInFile } from '../../harness/run/shared-in-file.ts'
import { longTimeoutMs } from './bounds.ts'
import { isPodmanSince } from './era.ts'

/**
 * podman 4.3 gives a pod's control group a filter that refuses all devices, so that crun cannot make those of its
 * containers ("mknod /dev/null: Operation not permitted"); 5.4 does not. Containers beside that group are not affected.
 */
const ownControlGroups = ['--share-parent=false']

/** A pod of a web server and its visitor. Its infra container runs a given image: podman's own needs catatonit. */
const pod = sharedInFile(async (lifetime) => {
  const guest = await forkOf('pulled', lifetime)
  const options = (await isPodmanSince(guest, '5.0')) ? [] : ownControlGroups
  const infra = ['--infra-image', 'docker.io/library/alpine', '--infra-command', 'sleep 100000']
  await guest.mustPodman(['pod', 'create', '--name', 'pair', '--network=none', ...infra, ...options])
  await guest.mustPodman(['run', '-q', '-d', '--pod', 'pair', '--name', 'served', 'docker.io/vpdmn/server'])
  return guest
})

requirement('POD-001', longTimeoutMs, async () => {
  const visit = 'until wget -q -O - http://localhost:8080/; do sleep 0.2; done 2> /dev/null'
  const page = await (await pod()).mustPodman([
    'run',
    '--rm',
    '--pod',
    'pair',
    'alpine',
    'timeout',
    '60',
    'sh',
    '-c',
    visit,
  ])
  expect(page, 'the page that another container of the pod serves').toBe('served by a workload')
})

requirement('POD-002', longTimeoutMs, async () => {
  const { mustPodman } = await pod()
  const listed = await mustPodman(['pod', 'ps', '--format', '{{.Name}} {{.Status}} {{.NumberOfContainers}}'])
  expect(listed, 'podman pod ps').toBe('pair Running 2')
  await mustPodman(['pod', 'stop', '-t', '1', 'pair'])
  expect(await mustPodman(['ps', '-q']), 'running containers after podman pod stop').toBe('')
  await mustPodman(['pod', 'rm', '-f', 'pair'])
  expect(await mustPodman(['ps', '-aq']), 'containers after podman pod rm').toBe('')
})
