import { expect } from 'vitest'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedGuest } from '../../harness/run/shared-in-file.ts'
import { mustRunIn } from './alpine-run.ts'
import { longTimeoutMs } from './bounds.ts'

const guest = sharedGuest('pulled')
const nonce = nonces()

const lines = (...list: readonly string[]): string => list.join('\n')

/** Lays down a build context of the files and builds it without a network; judges nothing. */
async function build(name: string, files: Record<string, string>) {
  const { agent, podman } = await guest()
  const folder = `/run/${name}`
  await agent.mustShell(`mkdir ${folder}`)
  for (const [file, content] of Object.entries(files)) await agent.writeFile(`${folder}/${file}`, content)
  return podman(['build', '-q', '--network=none', '--pull=never', '-t', `localhost/${name}`, folder])
}

async function mustBuild(name: string, files: Record<string, string>): Promise<void> {
  const { exitCode, stderr, timedOut } = await build(name, files)
  expect(timedOut, 'whether podman build had to be ended by the harness').toBe(false)
  expect(exitCode, `exit code of podman build: ${stderr.toString()}`).toBe(0)
}

const run = async (image: string, command: readonly string[] = []) => mustRunIn(await guest(), { image, command })

requirement('IMG-004', longTimeoutMs, async ({ pulledGuest }) => {
  const { podman, mustPodman, agent } = pulledGuest
  await mustPodman(['create', '-q', '--name', 'user', '--network=none', 'alpine', 'true'])
  const refused = await podman(['rmi', 'alpine'])
  expect(refused.exitCode, 'exit code of podman rmi of an image in use (podman-rmi(1))').toBe(2)
  await mustPodman(['rm', 'user'])
  await mustPodman(['rmi', 'alpine'])
  const left = await agent.mustShell('cd /var/lib/containers/storage && ls vfs/dir vfs-images')
  expect(left, 'layers and images left').not.toMatch(/[0-9a-f]{64}/)
})

requirement('IMG-009', longTimeoutMs, async () => {
  const word = nonce.word('imported')
  const { mustPodman } = await guest()
  await mustPodman(['create', '-q', '--name', 'exported', '--network=none', 'alpine', 'true'])
  await mustPodman(['export', '-o', '/run/exported.tar', 'exported'])
  await mustPodman(['import', '-q', '--change', `CMD ["echo","${word}"]`, '/run/exported.tar', 'localhost/imported'])
  expect(await run('localhost/imported')).toBe(word)
})

requirement('IMG-010', longTimeoutMs, async () => {
  const word = nonce.word('committed')
  const { mustPodman } = await guest()
  await mustPodman([
    'run',
    '--name',
    'changed',
    '--network=none',
    'alpine',
    'sh',
    '-c',
    `echo ${word} > /new; rm /etc/group`,
  ])
  await mustPodman(['commit', '-q', '--change', 'CMD ["cat","/new"]', 'changed', 'localhost/committed'])
  expect(await run('localhost/committed')).toBe(word)
  expect(await run('localhost/committed', ['ls', '/etc'])).not.toMatch(/^group$/m)
})

requirement('IMG-011', longTimeoutMs, async () => {
  const [greeting, copied] = [nonce.word('greeting'), nonce.word('copied')]
  await mustBuild('built', {
    Containerfile: lines(
      'FROM docker.io/library/alpine',
      `ENV GREETING="${greeting} here"`,
      'COPY copied /copied',
      'RUN ls /sys/class/net > /interfaces && chmod 0600 /copied',
      'CMD ["sh", "-c", "echo $GREETING; cat /copied /interfaces; stat -c %a /copied"]',
    ),
    copied: `${copied}\n`,
  })
  expect(await run('localhost/built')).toBe(lines(`${greeting} here`, copied, 'lo', '600'))
})

requirement('IMG-012', longTimeoutMs, async () => {
  const product = nonce.word('product')
  await mustBuild('stages', {
    Containerfile: lines(
      'FROM docker.io/library/alpine AS builder',
      `RUN echo ${product} > /product && echo tool > /tool`,
      'FROM docker.io/library/alpine',
      'COPY --from=builder /product /product',
    ),
  })
  const command = ['sh', '-c', 'cat /product; test -e /tool || echo without the tool']
  expect(await run('localhost/stages', command)).toBe(lines(product, 'without the tool'))
})

requirement('IMG-013', longTimeoutMs, async () => {
  const code = nonce.code('failing')
  const { podman, mustPodman } = await guest()
  const containers = () => mustPodman(['ps', '-a', '--external', '-q'])
  const before = await containers()
  const { exitCode, stderr } = await build('failing', {
    Containerfile: `FROM docker.io/library/alpine\nRUN exit ${code}\n`,
  })
  expect(exitCode, 'exit code of podman build').toBe(code)
  expect(stderr.toString(), 'what podman build says').toContain(`exit status ${code}`)
  expect(await containers(), 'containers, which must be those of before the build').toBe(before)
  expect((await podman(['image', 'exists', 'localhost/failing'])).exitCode, 'podman image exists').toBe(1)
})

requirement('IMG-014', longTimeoutMs, async () => {
  const { mustPodman } = await guest()
  const script = 'echo x > /root/added; echo x >> /etc/passwd; rm /etc/group'
  await mustPodman(['run', '--name', 'compared', '--network=none', 'alpine', 'sh', '-c', script])
  const changes = (await mustPodman(['diff', 'compared'])).split('\n')
  expect(changes).toEqual(expect.arrayContaining(['A /root/added', 'C /etc/passwd', 'D /etc/group']))
})

requirement('IMG-015', longTimeoutMs, async () => {
  const { mustPodman, agent } = await guest()
  const name = `registry.test/joined/${(await agent.mustShell('hostname')).trim()}:latest`
  await mustPodman(['manifest', 'create', 'localhost/joined'])
  for (const architecture of ['amd64', 'arm64'])
    await mustPodman(['manifest', 'add', '--all', 'localhost/joined', `docker://docker.io/vpdmn/${architecture}-only`])
  await mustPodman(['manifest', 'push', '-q', '--all', 'localhost/joined', `docker://${name}`])
  const index = JSON.parse(await agent.mustShell(`skopeo inspect --raw docker://${name}`)) as {
    manifests: { platform: { architecture: string } }[]
  }
  const architectures = index.manifests.map(({ platform }) => platform.architecture)
  expect(architectures.sort(), 'architectures of the pushed list').toEqual(['amd64', 'arm64'])
})
