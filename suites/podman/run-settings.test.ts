import { expect } from 'vitest'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedGuest } from '../../harness/run/shared-in-file.ts'
import { mustRunIn, type RunRequest } from './alpine-run.ts'
import { longTimeoutMs } from './bounds.ts'

const guest = sharedGuest('pulled')
const nonce = nonces()
const [given, host, kept] = [nonce.word('given'), nonce.word('host'), nonce.word('kept')]
const added = `192.0.2.${1 + nonce.below('added', 254)}`

interface RunCase extends RunRequest {
  id: string
  /** Standard output, trimmed. */
  printed: string | RegExp
}

const sh = (script: string): readonly string[] => ['sh', '-c', script]
const lines = (...list: readonly string[]): string => list.join('\n')

const cases: readonly RunCase[] = [
  {
    id: 'RUN-011',
    options: ['-e', `GIVEN=two ${given}`, '-e', 'EMPTY='],
    // podman 4.3 sets TERM even without a terminal, 5.4 does not.
    command: sh('unset HOSTNAME SHLVL PWD TERM; env | sort'),
    printed: lines(
      'EMPTY=',
      `GIVEN=two ${given}`,
      'HOME=/root',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'container=podman',
    ),
  },
  { id: 'RUN-012', options: ['-w', '/var'], command: ['pwd'], printed: '/var' },
  {
    id: 'RUN-021',
    options: ['--read-only', '--tmpfs', '/scratch'],
    command: sh('echo x > /scratch/x && echo x > /tmp/x && echo writable; echo x > /etc/x || echo refused'),
    printed: lines('writable', 'refused'),
  },
  {
    id: 'RUN-022',
    options: ['--tmpfs', '/scratch:size=1m,mode=1770'],
    command: sh(
      'stat -c %a /scratch; dd if=/dev/zero of=/scratch/x bs=64k count=32 2> /dev/null || stat -c %s /scratch/x',
    ),
    printed: lines('1770', '1048576'),
  },
  {
    id: 'RUN-028',
    options: ['--hostname', host, '--add-host', `added:${added}`],
    command: sh('hostname; awk \'$2 == "added" { print $1 }\' /etc/hosts; grep -c "^127.0.0.1.*localhost" /etc/hosts'),
    printed: lines(host, added, '1'),
  },
]

for (const { id, printed, ...request } of cases)
  requirement(id, longTimeoutMs, async () => {
    expect(await mustRunIn(await guest(), request), `podman run … ${request.command.join(' ')}`).toMatch(printed)
  })

requirement('RUN-013', longTimeoutMs, async () => {
  const id = async (user: string) => mustRunIn(await guest(), { options: ['-u', user], command: ['id'] })
  expect(await id('worker')).toMatch(/^uid=1000\(worker\) gid=1000\(worker\) groups=.*\b50\(staff\)/)
  expect(await id('1000:50')).toMatch(/^uid=1000\(worker\) gid=50\(staff\)/)
})

requirement('RUN-023', longTimeoutMs, async () => {
  const { agent } = await guest()
  await agent.mustShell(`mkdir -p /run/written && echo ${given} > /run/written/in`)
  const request = {
    options: ['-v', '/run/written:/given'],
    command: sh(`cat /given/in; echo ${kept} > /given/out`),
  }
  expect(await mustRunIn(await guest(), request)).toBe(given)
  expect(await agent.mustShell('cat /run/written/out'), 'the file written by the container').toBe(`${kept}\n`)
})

requirement('RUN-024', longTimeoutMs, async () => {
  const { agent } = await guest()
  await agent.mustShell(`mkdir -p /run/kept && echo ${kept} > /run/kept/file`)
  const request = {
    options: ['-v', '/run/kept:/given:ro'],
    command: sh('cat /given/file; rm /given/file || echo refused'),
  }
  expect(await mustRunIn(await guest(), request)).toBe(lines(kept, 'refused'))
})

requirement('RUN-025', longTimeoutMs, async () => {
  const withVolume = async (script: string) =>
    mustRunIn(await guest(), { options: ['-v', 'named:/data'], command: sh(script) })
  await withVolume(`echo ${kept} > /data/file`)
  expect(await withVolume('cat /data/file'), 'the file of the first container, in the second').toBe(kept)
})

requirement('RUN-027', longTimeoutMs, async () => {
  await (await guest()).podman(['secret', 'create', 'password', '-'], { input: `open ${given}` })
  const command = ['cat', '/run/secrets/password']
  expect(await mustRunIn(await guest(), { options: ['--secret', 'password'], command })).toBe(`open ${given}`)
})
