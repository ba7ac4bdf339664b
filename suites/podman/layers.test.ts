import { expect, inject } from 'vitest'
import { guestBusybox } from '../../harness/guest/guest-agent.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedGuest } from '../../harness/run/shared-in-file.ts'
import { mustRunIn } from './alpine-run.ts'
import { longTimeoutMs } from './bounds.ts'

const guest = sharedGuest('fresh')

/** Pulls an image, mounts it, and returns what the command prints there, with the harness's own tools as `$b`. */
async function inImage(workload: string, command: string): Promise<string> {
  const { mustPodman, agent } = await guest()
  const name = `docker.io/vpdmn/${workload}:latest`
  await mustPodman(['pull', '-q', name])
  const root = await mustPodman(['image', 'mount', name])
  return (await agent.mustShell(`cd '${root}' && b=${guestBusybox} && ${command}`)).trim()
}

interface ContentCase {
  id: string
  workload: string
  command: string
  printed: string
}

const lines = (...list: readonly string[]): string => list.join('\n')
/** The numbers of the nineteen layers above the base. */
const numbers = Array.from({ length: 19 }, (_unused, index) => String(index + 2).padStart(2, '0'))
const deepPath = Array.from({ length: 12 }, () => 'directory-with-a-long-name-of-40-letters').join('/')

const cases: readonly ContentCase[] = [
  {
    id: 'LAY-001',
    workload: 'twenty-layers',
    command: '$b ls layers && $b cat layers/last',
    printed: lines(...numbers, 'last', '20'),
  },
  { id: 'LAY-003', workload: 'zstd', command: '$b cat zstd', printed: 'unpacked' },
  { id: 'LAY-004', workload: 'uncompressed', command: '$b cat uncompressed', printed: 'unpacked' },
  { id: 'LAY-005', workload: 'empty-layer', command: '$b cat below above', printed: lines('below', 'above') },
  { id: 'LAY-006', workload: 'docker-schema-2', command: '$b cat docker', printed: 'v2' },
  {
    id: 'LAY-007',
    workload: 'whiteouts',
    command: '$b find whiteout -not -type d | $b sort',
    printed: lines(
      'whiteout/becomes-directory/inside',
      'whiteout/kept',
      'whiteout/opaque/shown',
      'whiteout/remade/new',
    ),
  },
  {
    id: 'LAY-008',
    workload: 'hard-links',
    command: `[ links/first -ef links/second ] && $b cat links/third &&
      for link in relative absolute dangling; do $b readlink links/$link; done`,
    printed: lines('linked', 'first', '/links/first', '/nowhere'),
  },
  {
    id: 'LAY-010',
    workload: 'long-names',
    command: `cd names && $b cat n*n ${deepPath}/end 'übergrößenträger-文件-📦' 'with blank' ./-rf 'new
line' && $b readlink long-target`,
    printed: lines('long', 'deep', 'unicode', 'blank', 'dash', 'new line', `/names/${deepPath}/end`),
  },
  {
    id: 'LAY-011',
    workload: 'large-ids',
    command: `$b stat -c '%u:%g' ids/65536 ids/100000 ids/2097152`,
    printed: lines('65536:65536', '100000:100001', '2097152:2097152'),
  },
  {
    id: 'LAY-012',
    workload: 'many-files',
    command: '$b find many -type f | $b wc -l && $b cat many/49/1999',
    printed: lines('2000', '1999'),
  },
]

for (const { id, workload, command, printed } of cases)
  requirement(id, longTimeoutMs, async () => {
    expect(await inImage(workload, command), `what is in the pulled image ${workload}`).toBe(printed)
  })

/**
 * Attributes of the user are asked for where the store can hold them, which tmpfs can from kernel 6.6 on: podman passes over
 * those that it cannot write.
 */
const lookAtAttributes = `cd /attributes && stat -c '%n %a %F' fifo setgid setuid sticky unreadable &&
  getfattr -d capable | grep -c ^security.capability &&
  touch probe && if setfattr -n user.probe -v x probe 2> /dev/null; then getfattr -n user.vpdmn user; fi`

requirement('LAY-009', longTimeoutMs, async () => {
  const image = 'docker.io/vpdmn/attributes:latest'
  await (await guest()).mustPodman(['pull', '-q', image])
  const printed = await mustRunIn(await guest(), { image, command: ['sh', '-c', lookAtAttributes] })
  const always = lines(
    'fifo 600 fifo',
    'setgid 2755 regular empty file',
    'setuid 4755 regular empty file',
    'sticky 1777 directory',
    'unreadable 100 regular empty file',
    '1',
  )
  const ofUser = lines('# file: user', 'user.vpdmn="value"')
  expect([always, lines(always, ofUser)], 'what is in a container of the image').toContain(printed)
})

requirement('LAY-002', longTimeoutMs, async ({ guest, recordMs }) => {
  const startedMs = performance.now()
  const id = await guest.mustPodman(['pull', '-q', 'docker.io/vpdmn/large-layer:latest'])
  recordMs('pull_large_layer_ms', performance.now() - startedMs)
  const root = await guest.mustPodman(['image', 'mount', id])
  const sizeBytes = await guest.agent.mustShell(`${guestBusybox} stat -c %s '${root}/data/large'`)
  expect(Number(sizeBytes), `size of the file on ${inject('coordinates').boot.arch}`).toBe(64 * 1024 ** 2)
})
