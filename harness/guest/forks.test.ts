import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTinyTemplate } from '../../fixtures/tiny-guest/tiny-guest.ts'
import { imageChannel } from '../machine/devices.ts'
import { loadSnapshot, writeSnapshot } from '../machine/snapshot.ts'
import { awaitGuest, type RunningGuest } from '../machine/start-guest.ts'
import { fork, forkInto, freeze, type GuestTemplate } from '../machine/template.ts'
import { type ArchitectureName, architectureNames } from '../model/architecture.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { GuestAgent, guestBusybox } from './guest-agent.ts'
import { makeDistinct } from './identity.ts'

/** One boot of each architecture, 10 s on an idle machine. */
const bootTimeoutMs = 180_000
const answerTimeoutMs = 60_000

describe.each(architectureNames)('forks of a tiny %s guest', (arch: ArchitectureName) => {
  const lifetime = new Lifetime()
  let folder: string
  let template: GuestTemplate

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "forks, o'-"))
    lifetime.defer(() => rm(folder, { recursive: true }))
    template = await makeTinyTemplate(arch, folder, lifetime)
  }, bootTimeoutMs)
  afterAll(() => lifetime.end())

  let count = 0
  async function forked(): Promise<{ guest: RunningGuest; agent: GuestAgent }> {
    const guest = await fork(template, [imageChannel(join(folder, `fork-${count++}.sock`))], lifetime)
    return { guest, agent: await GuestAgent.reach(guest, answerTimeoutMs) }
  }
  const sh = async (agent: GuestAgent, command: string) => {
    const result = await agent.exec(guestBusybox, ['sh', '-c', command])
    return result.stdout.toString('utf8').trim()
  }

  test('a fork goes on with the template’s memory: a file that exists only there is in it', async () => {
    const { guest, agent } = await forked()
    expect((await agent.readFile('/run/nonce')).toString()).toBe(folder)
    expect(await sh(agent, 'cat /proc/1/cmdline | tr "\\000" " "')).toContain('/init')
    await guest.kill()
  })

  test('two forks share no file, name, id, randomness, and have the host’s time', async () => {
    const [one, other] = await Promise.all([forked(), forked()])
    await Promise.all([makeDistinct(one.agent), makeDistinct(other.agent)])
    const look = 'hostname; cat /etc/machine-id; head -c 32 /dev/urandom | sha256sum'.replaceAll(
      /\b(hostname|cat|head|sha256sum)\b/g,
      `${guestBusybox} $1`,
    )
    const [seenInOne, seenInOther] = await Promise.all([sh(one.agent, look), sh(other.agent, look)])
    const [oneLines, otherLines] = [seenInOne.split('\n'), seenInOther.split('\n')]
    expect(oneLines).toHaveLength(3)
    for (const [index, line] of oneLines.entries()) expect(line).not.toBe(otherLines[index])
    await one.agent.writeFile('/run/mine', 'x')
    expect(await sh(other.agent, `test -e /run/mine && echo there || echo missing`)).toBe('missing')
    const clock = Number(await sh(one.agent, `${guestBusybox} date +%s`))
    expect(Math.abs(clock - Date.now() / 1000)).toBeLessThan(30)
    await Promise.all([one.guest.kill(), other.guest.kill()])
  })

  test('a fork with a copy of the memory can become a template itself', async () => {
    const copy = join(folder, 'copy')
    await mkdir(copy)
    const grown = await forkInto(copy, template, [imageChannel(join(copy, 'image.sock'))], lifetime)
    const agent = await GuestAgent.reach(grown, answerTimeoutMs)
    await agent.writeFile('/run/grown', 'yes')
    const second = await freeze(grown, template.plan, copy)
    const guest = await fork(second, [imageChannel(join(copy, 'second.sock'))], lifetime)
    expect((await (await GuestAgent.reach(guest, answerTimeoutMs)).readFile('/run/grown')).toString()).toBe('yes')
    await guest.kill()
  })

  test('a template whose state is cut short is refused at once, with QEMU’s reason', async () => {
    const cut = join(folder, 'cut')
    await mkdir(cut)
    await symlink(join(template.folder, 'memory'), join(cut, 'memory'))
    await writeFile(join(cut, 'state'), (await readFile(join(template.folder, 'state'))).subarray(0, 20_000))
    const forking = fork({ ...template, folder: cut }, [imageChannel(join(cut, 'image.sock'))], lifetime)
    await expect(forking).rejects.toThrow(/^QEMU could not load the state of the machine: .*load of migration failed/s)
  })

  test(
    'a fork can be kept with all its memory, goes on, and comes back later as it was',
    async () => {
      const { guest, agent } = await forked()
      await agent.writeFile('/run/kept', 'yes')
      const kept = await mkdtemp(join(folder, 'kept-'))
      await writeSnapshot(guest, kept)
      await agent.writeFile('/run/kept', 'no longer')
      await guest.kill()
      const again = await loadSnapshot(kept, template.plan, [imageChannel(join(kept, 'image.sock'))], lifetime)
      expect((await (await GuestAgent.reach(again, answerTimeoutMs)).readFile('/run/kept')).toString()).toBe('yes')
      await again.kill()
    },
    bootTimeoutMs,
  )

  test('commands return both streams as bytes, the exit code, and what they read', async () => {
    const { guest, agent } = await forked()
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
    const result = await agent.exec(guestBusybox, ['sh', '-c', `${guestBusybox} cat; echo "$WORD" >&2; exit 9`], {
      input: bytes,
      environment: { WORD: 'süß' },
    })
    expect(result).toMatchObject({ exitCode: 9, stdout: bytes, stderr: Buffer.from('süß\n'), timedOut: false })
    await guest.kill()
  })

  test('a command that takes too long is killed and said so', async () => {
    const { guest, agent } = await forked()
    const result = await agent.exec(guestBusybox, ['sleep', '1000'], { timeoutMs: 1000 })
    expect(result).toMatchObject({ timedOut: true, exitCode: 128 + 9 })
    await guest.kill()
  })

  test('a file of several megabytes comes back as it was written', async () => {
    const { guest, agent } = await forked()
    const content = Buffer.alloc(5 * 1024 * 1024, 'content')
    await agent.writeFile('/run/large', content)
    expect((await agent.readFile('/run/large')).equals(content)).toBe(true)
    await guest.kill()
  })

  test('a kernel that panics ends a wait at once, with the console as evidence', async () => {
    const { guest, agent } = await forked()
    const panic = agent.exec(guestBusybox, ['sh', '-c', 'echo c > /proc/sysrq-trigger'])
    await expect(panic).rejects.toMatchObject({
      name: 'GuestFault',
      message: expect.stringContaining('the kernel panicked'),
      evidence: expect.stringContaining('sysrq'),
    })
    await guest.kill()
  })

  test('a QEMU that dies is the environment’s fault, not the image’s', async () => {
    const { guest } = await forked()
    const wait = awaitGuest(guest, 'something', answerTimeoutMs, new Promise(() => {}))
    process.kill(guest.pid, 'SIGKILL')
    await expect(wait).rejects.toMatchObject({ name: 'EnvironmentFault' })
  })
})
