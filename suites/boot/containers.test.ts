import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import { guestFolders, runningContainersFile } from '../../harness/contract/engines.ts'
import { markers } from '../../harness/contract/markers.ts'
import { containerDns, containersLookSeconds } from '../../harness/contract/runner.ts'
import { listTar } from '../../harness/guest/exchange/fake-roots.ts'
import { readLeftFile } from '../../harness/guest/exchange/left-file.ts'
import { addToShare, makeShare } from '../../harness/guest/exchange/share-folder.ts'
import { openTlsProbe } from '../../harness/guest/exchange/tls-probe.ts'
import { bootDaemon, bootTestTimeoutMs } from '../../harness/guest/runner/contract-boot.ts'
import { makeDisk, writeOciLayout } from '../../harness/guest/runner/contract-disks.ts'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { hostForward, networkId } from '../../harness/machine/devices.ts'
import { GuestFault } from '../../harness/model/faults.ts'
import { freePorts } from '../../harness/platform/process/free-ports.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedBoot } from '../../harness/run/shared-boot.ts'
import { testedDialect, testedEngine, testedImport } from '../../harness/run/tested-engine.ts'

/** A run with a network takes 7 to 11 s under emulation, several times that beside other boots. */
const podmanTimeoutMs = 240_000
/** A guest looks for containers after this time at the latest, which the shortest idle time-outs lead to. */
const lookMs = containersLookSeconds.least * 1000
const idleTimeoutSeconds = containersLookSeconds.share * containersLookSeconds.least
/** `podman ps` takes a second under emulation, and the look may just have passed; the rest is for a busy machine. */
const noticeTimeoutMs = 2 * lookMs + 60_000
/** A server answers a second after its container was started. */
const serveTimeoutMs = 60_000
const pollMs = 500
/** Podman asks for a password before it turns the echo off, which nobody outside sees; people take a moment too. */
const reactionMs = 2000

const image = 'docker.io/library/alpine:latest'
const { runtime: engine } = testedEngine()
const serverAddress = '10.0.2.100'
const nonce = nonces()
const account = { user: 'someone', password: nonce.word('password', 16) }
/** What the two containers serve. */
const served = { first: nonce.word('first'), second: nonce.word('second') }
const [withoutEntry, ofHost] = [nonce.word('without an entry point'), nonce.word('of the host')]
const dns = containerDns.join(' ')
/** A name server of the user's own (RFC 5737): the runner's two may be the machine's too, which a container has without options. */
const ownServer = `198.51.100.${1 + nonce.below('name server', 254)}`

/** A session with a share and two ports, one of them given to the machine at its start, in which containers run. */
const session = sharedBoot('DMN-020', async ({ coordinates, folder, lifetime }) => {
  const layout = await makeShare(folder, 'layout', {})
  await writeOciLayout('alpine', coordinates.boot.arch, image, layout)
  const share = await makeShare(folder, 'share', {})
  const [port, addedPort] = (await freePorts(2)) as [number, number]
  const server = await openTlsProbe(serverAddress, folder, lifetime, account)
  const boot = {
    request: { input: 'oci', ninep: true, idleTimeoutSeconds, insecureRegistry: serverAddress },
    inputDisk: await makeDisk(join(folder, 'input-disk'), 32, layout),
    shares: { share },
    network: [{ guestAddress: serverAddress, guestPort: 443, hostPort: server.port }],
    published: [{ hostPort: port, guestPort: port }],
  } as const
  const { guest, daemon } = await bootDaemon(coordinates, boot, lifetime)
  const run = async (command: string): Promise<string> => {
    const { output, exitCode, text } = await daemon.run(command, podmanTimeoutMs)
    if (exitCode !== 0)
      throw new GuestFault(`Exit code ${exitCode} of "${command}": ${output ?? text.trim()}`, guest.console.end())
    return output ?? ''
  }
  await run(testedImport(guestFolders.input, image))
  return { guest, daemon, share, run, port, addedPort }
})

/** A container that serves a word of this run on port 8080, published as runners do it. */
const serve = (name: keyof typeof served, port: number): string =>
  `${engine} run -d --name ${name} -p ${port}:8080 ${dns} ${image} sh -c "echo ${served[name]} >/tmp/index.html; httpd -f -p 8080 -h /tmp"`

const first = sharedBoot('LAN-008', async () => {
  const current = await session()
  await current.run(serve('first', current.port))
  return current
})

const second = sharedBoot('LAN-009', async () => {
  const current = await first()
  const port = { hostPort: current.addedPort, guestPort: current.addedPort }
  const command = `hostfwd_add ${networkId} ${hostForward(port)}`
  await current.guest.monitor.execute('human-monitor-command', { 'command-line': command })
  await current.run(serve('second', current.addedPort))
  return current
})

requirement('DMN-020', bootTestTimeoutMs, async () => {
  const { run } = await session()
  const options = [...containerDns, `--dns=${ownServer}`]
  const listed = await run(`${engine} run --rm ${options.join(' ')} ${image} cat /etc/resolv.conf`)
  const servers = listed.split('\n').filter((line) => line.startsWith('nameserver '))
  expect(servers, `name servers of a container with ${options.join(' ')}`).toEqual(
    options.map((option) => `nameserver ${option.split('=')[1]}`),
  )
})

requirement('DMN-024', bootTestTimeoutMs, async () => {
  const { run } = await session()
  expect(await run(`${engine} run --rm --network=none --entrypoint '' ${image} echo ${withoutEntry}`)).toBe(
    withoutEntry,
  )
})

requirement('LAN-008', bootTestTimeoutMs, async () => {
  const { port } = await first()
  expect(await visit(port), 'answer of the container behind a port of the machine').toBe(`${served.first}\n`)
})

requirement('DMN-011', bootTestTimeoutMs, async () => {
  await runningContainerNoted(await first())
})

requirement('LAN-009', bootTestTimeoutMs, async () => {
  const { addedPort } = await second()
  expect(await visit(addedPort), 'answer of the container behind a port that was added later').toBe(
    `${served.second}\n`,
  )
})

requirement('LAN-010', bootTestTimeoutMs, async () => {
  const { port } = await second()
  expect(await visit(port), 'answer of the first container beside a second one with the same inner port').toBe(
    `${served.first}\n`,
  )
})

requirement('SHR-004', bootTestTimeoutMs, async () => {
  const { share, run } = await session()
  const { inShare, mount } = await makeVolume(share)
  await run(`${runOn(mount)} sh -c "cat /x/from-host >/x/from-container"`)
  const written = await textOf(share, `${inShare}/from-container`)
  expect(written, 'on the host, what a container wrote into its volume').toBe(`${ofHost}\n`)
})

requirement('SHR-005', bootTestTimeoutMs, async () => {
  const { share, run, daemon } = await session()
  const { inShare, mount } = await makeVolume(share)
  const { exitCode } = await daemon.run(`${runOn(`${mount}:ro`)} sh -c "echo x >/x/never"`, podmanTimeoutMs)
  expect(exitCode, 'exit code of a write into a volume with :ro').not.toBe(0)
  expect(await run(`${runOn(`${mount}:ro`)} cat /x/from-host`), 'a file of the volume').toBe(ofHost)
  expect(await textOf(share, `${inShare}/never`), 'on the host, what the write left').toBeUndefined()
})

requirement('SHR-006', bootTestTimeoutMs, async () => {
  const { share, run } = await session()
  await run(`${engine} save -o ${guestFolders.share}/output.tar ${image}`)
  expect(await listTar({ share, name: 'output.tar' }), 'paths in the archive on the host').toContain('manifest.json')
})

requirement('SHR-007', bootTestTimeoutMs, async () => {
  const { share, run } = await first()
  await run(`${engine} cp first:/tmp/index.html ${guestFolders.share}/`)
  expect(await textOf(share, 'index.html'), 'the file on the host').toBe(`${served.first}\n`)
})

requirement('SHR-008', bootTestTimeoutMs, async () => {
  const { share, daemon } = await session()
  const { inShare } = await makeVolume(share)
  await daemon.run(`${markers.useInput}true`, podmanTimeoutMs)
  // The share may be emptied behind the answer, but not behind the next one.
  await daemon.ping(podmanTimeoutMs)
  const left = await textOf(share, `${inShare}/from-host`)
  expect(left, 'a file of a volume after a command with input').toBe(`${ofHost}\n`)
})

/** The user gives name and password on the terminal. */
const loggedIn = sharedBoot('DMN-021', async () => {
  const { daemon } = await session()
  const login = `${testedDialect().login} ${serverAddress}`
  return daemon.runInteractive(login, podmanTimeoutMs, async () => {
    await daemon.expectText(/Username:/, podmanTimeoutMs)
    daemon.type(`${account.user}\r`)
    await daemon.expectText(/Password:/, podmanTimeoutMs)
    await setTimeout(reactionMs)
    daemon.type(`${account.password}\r`)
  })
})

requirement('DMN-021', bootTestTimeoutMs, async () => {
  expect((await loggedIn()).shown, `what ${engine} login showed behind its question`).not.toContain(account.password)
})

requirement('DMN-026', bootTestTimeoutMs, async () => {
  expect((await loggedIn()).shown, `what ${engine} login showed`).toMatch(/Login Succeeded/)
})

requirement('DMN-025', bootTestTimeoutMs, async () => {
  const current = await second()
  await runningContainerNoted(current)
  await current.run(`${testedDialect().removeAtOnce} first second`)
  await eventually(noticeTimeoutMs, async () => {
    const left = await textOf(current.share, runningContainersFile)
    if (left !== undefined) throw new Error(`${runningContainersFile} is still on the share, with "${left.trim()}".`)
  })
})

/** More than anything that these tests read is longer. */
const maxTextBytes = 64 * 1024

/** What a guest left in a file on the share; undefined where there is none. */
const textOf = async (share: string, name: string): Promise<string | undefined> =>
  (await readLeftFile({ share, name }, maxTextBytes))?.toString('utf8')

/** Waits until the note names a container that runs: it is empty when read between its making and its filling. */
async function runningContainerNoted({ share, run }: Awaited<ReturnType<typeof session>>): Promise<void> {
  const [id = ''] = (await run(`${engine} ps -q`)).split('\n')
  await eventually(noticeTimeoutMs, async () => {
    const text = await textOf(share, runningContainersFile)
    if (!id || !text?.includes(id)) throw new Error(`${runningContainersFile} ${notNaming(id, text)}.`)
  })
}

const notNaming = (id: string, text: string | undefined): string =>
  text === undefined ? 'is not on the share' : `on the share does not name the running container ${id}, but "${text}"`

const runOn = (mount: string): string => `${engine} run --rm --network=none -v ${mount} ${image}`

let volumes = 0

/** A folder of the host's for containers, as runners make it below the share. */
async function makeVolume(share: string): Promise<{ inShare: string; mount: string }> {
  const inShare = `volumes/${nonce.word(`volume ${volumes++}`, 12)}`
  await addToShare(share, `${inShare}/from-host`, `${ofHost}\n`)
  return { inShare, mount: `${guestFolders.share}/${inShare}:/x` }
}

const visit = (port: number): Promise<string> =>
  eventually(serveTimeoutMs, async () => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(serveTimeoutMs) })
    return response.text()
  })

/** The first result that does not throw; the last error when the time is over. */
async function eventually<T>(timeoutMs: number, attempt: () => Promise<T>): Promise<T> {
  const endMs = performance.now() + timeoutMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > endMs)
        throw new GuestFault(`Timed out after ${timeoutMs / 1000} s: ${(error as Error).message}`)
      await setTimeout(pollMs)
    }
  }
}
