import { expect } from 'vitest'
import type { ForkedGuest } from '../../harness/guest/prepare/forked-guest.ts'
import { basicLogin, bearerLogin } from '../../harness/registry/fault/logins.ts'
import { forkWithFront } from '../../harness/run/podman-guest.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedInFile } from '../../harness/run/shared-in-file.ts'
import { longTimeoutMs } from './bounds.ts'
import { expectRefusal } from './refusal.ts'

const account = { username: 'someone', password: 'correct horse' }
const image = 'docker.io/library/alpine:latest'

/** One guest before a registry that wants a password; each test keeps its credentials in a file of its own. */
const guest = sharedInFile(async (lifetime) => {
  const behind = await forkWithFront('fresh', { faults: [basicLogin(account)] }, lifetime)
  return behind.guest
})

const authFile = (name: string) => ['--authfile', `/run/${name}.json`]
const login = ({ podman }: ForkedGuest, name: string, password: string) =>
  podman(['login', ...authFile(name), '-u', account.username, '--password-stdin', 'docker.io'], { input: password })
const pull = ({ podman }: ForkedGuest, name: string) => podman(['pull', '-q', ...authFile(name), image])

const unauthorized = /unauthorized|authentication required|401/i

requirement('LGN-001', longTimeoutMs, async () => {
  const { podman } = await guest()
  expectRefusal(await podman(['pull', '-q', image]), 'a pull without a login', unauthorized)
})

requirement('LGN-002', longTimeoutMs, async () => {
  const { exitCode, stderr } = await login(await guest(), 'right', account.password)
  expect(exitCode, `exit code of podman login: ${stderr}`).toBe(0)
  const pulled = await pull(await guest(), 'right')
  expect(pulled.exitCode, `exit code of a pull with a login: ${pulled.stderr}`).toBe(0)
  await (await guest()).mustPodman(['logout', ...authFile('right'), 'docker.io'])
  expectRefusal(await pull(await guest(), 'right'), 'a pull after the logout', unauthorized)
})

requirement('LGN-003', longTimeoutMs, async () => {
  const { agent } = await guest()
  expectRefusal(
    await login(await guest(), 'wrong', 'battery staple'),
    'a login with a wrong password',
    /invalid|401|unauth/i,
  )
  expect(await agent.mustShell('cat /run/wrong.json 2> /dev/null || :'), 'credentials kept').not.toContain('docker.io')
})

requirement('LGN-004', longTimeoutMs, async () => {
  const { agent, podman } = await guest()
  const auth = Buffer.from(`${account.username}:${account.password}`).toString('base64')
  await agent.mustShell('mkdir -p /run/containers/0')
  await agent.writeFile('/run/containers/0/auth.json', JSON.stringify({ auths: { 'docker.io': { auth } } }))
  const environment = { REGISTRY_AUTH_FILE: '/run/containers/0/auth.json' }
  const pulled = await podman(['pull', '-q', image], { environment })
  await agent.mustShell('rm /run/containers/0/auth.json')
  expect(pulled.exitCode, `exit code of a pull with the runner’s credentials: ${pulled.stderr}`).toBe(0)
})

requirement('LGN-005', longTimeoutMs, async ({ guestBehind }) => {
  const { guest } = await guestBehind({ faults: [bearerLogin(account)] })
  expectRefusal(await login(guest, 'wrong', 'battery staple'), 'a login with a wrong password', /invalid|401|unauth/i)
  const { exitCode, stderr } = await login(guest, 'right', account.password)
  expect(exitCode, `exit code of podman login: ${stderr}`).toBe(0)
  const pulled = await pull(guest, 'right')
  expect(pulled.exitCode, `exit code of a pull with a token: ${pulled.stderr}`).toBe(0)
})
