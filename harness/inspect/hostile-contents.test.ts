import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { rawSquashfs } from '../../fixtures/static/raw-squashfs.ts'
import { squashfsOf, tinyImage, tinyTrees } from '../../fixtures/static/tiny-image.ts'
import { file, podmanProgram, program } from '../../fixtures/static/tiny-tree.ts'
import { checkImage } from '../../suites/static/check-image.ts'
import { openImageFile } from '../image/open-image-file.ts'
import { loadProfile } from '../profile/profile.ts'
import { inspectImage } from './inspect-image.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostile-contents-'))
afterAll(() => rmSync(folder, { recursive: true }))

const common = '/vcontainer-init-common.sh'

/** What once took minutes or did not end; each is judged in a second or two. */
test.each([
  ['brackets without end in nsswitch.conf', '/etc/nsswitch.conf', `hosts: ${'['.repeat(600_000)}`],
  ['byte order marks between words of a script', common, 'handle() { echo \ufeff/\ufeff; }\n'.repeat(1000)],
  ['a script that sources a file many times', common, '. ./none\n. ./x\n'.repeat(15_000)],
  ['a script that is one word of half a megabyte', common, 'x'.repeat(500_000)],
  ['a hundred thousand lines that are no account', '/etc/passwd', 'a:b\n'.repeat(120_000)],
  ['substitutions without end', common, '$('.repeat(100_000)],
  ['tables within tables without end', '/etc/containers/containers.conf', `${'a.'.repeat(250_000)}a = 1\n`],
  ['lists within lists without end', '/etc/containers/containers.conf', `a = ${'['.repeat(500_000)}`],
  ['a million packages', '/var/lib/dpkg/status', 'Package: a\nVersion: 1\n\n'.repeat(1_000_000)],
  [
    'one package of a million fields',
    '/var/lib/dpkg/status',
    Array.from({ length: 1e6 }, (_, at) => `F${at}: x\n`).join(''),
  ],
  ['a policy that is only brackets', '/etc/containers/policy.json', '['.repeat(1_000_000)],
  ['a path in a script that never becomes a build folder', common, `# ${'/a'.repeat(120_000)}\n`],
])(
  'an image with %s is judged',
  async (_, path, content) => {
    const image = await tinyImage(join(folder, 'image.squashfs'), (tree) =>
      tree.set(path, path === common ? program(content) : file(content)),
    )
    const results = await judge(image)
    expect(results.filter(({ status }) => status === 'error')).toEqual([])
  },
  30_000,
)

test.each([
  ['a registry.conf of one word', '/etc/vdkr/registry.conf', `VDKR_DEFAULT_REGISTRY=a${'/a-'.repeat(150_000)}`],
  [
    'a list of registries without end',
    '/etc/vdkr/registry.conf',
    `VDKR_INSECURE_REGISTRIES="${'a. '.repeat(150_000)}"`,
  ],
  ['variables without end', '/etc/vdkr/registry.conf', `${'export A=$\n'.repeat(45_000)}`],
  ['keys without end in daemon.json', '/etc/docker/daemon.json', `{${'"a":{"b":1},"c":1,'.repeat(25_000)}"d":1}`],
  [
    'objects within objects in daemon.json',
    '/etc/docker/daemon.json',
    `${'{"a":'.repeat(90_000)}1${'}'.repeat(90_000)}`,
  ],
  ['options of dockerd without end', common, 'dockerd --host=a -H b --label\n'.repeat(15_000)],
  ['a command of dockerd without end', common, `dockerd ${'--__proto__=1 -D --constructor '.repeat(15_000)}`],
  ['a daemon.json whose name is none', common, 'dockerd --config-file=\ndockerd --config-file ../../..//..\n'],
])(
  'an image of docker with %s is judged',
  async (_, path, content) => {
    const tree = tinyTrees.docker()
    tree.set(path, path === common ? program(content) : file(content))
    const results = await judge(await squashfsOf(join(folder, 'docker.squashfs'), tree), 'vdkr')
    expect(results.filter(({ status }) => status === 'error')).toEqual([])
  },
  30_000,
)

/** Every object answers to them, which no table of names of ours may. */
const objectWords = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']
const eachWord = (line: (word: string) => string) => objectWords.map(line).join('\n')
const tomlOf = (...tables: string[]) =>
  [
    eachWord((word) => `"${word}" = 1`),
    ...tables.map((table) => `[${table}]\n${eachWord((word) => `"${word}" = 1`)}`),
    eachWord((word) => `[${tables[0]}.x."${word}"]\nx = 1`),
  ].join('\n')

test('an image whose words are those that every object has is judged', async () => {
  const requirement = [{ type: 'constructor' }, { type: '__proto__' }]
  const texts: Record<string, string> = {
    '/etc/containers/containers.conf': `${tomlOf('containers', 'engine', 'engine.runtimes')}\n[network]\nfirewall_driver = "constructor"\nnetwork_backend = "toString"`,
    '/etc/containers/storage.conf': tomlOf('storage', 'storage.options'),
    '/etc/containers/registries.conf': tomlOf('aliases'),
    '/etc/containers/policy.json': JSON.stringify({
      default: requirement,
      transports: { constructor: { '': requirement } },
    }),
    '/etc/cni/net.d/1.conflist': JSON.stringify({ name: '__proto__', plugins: requirement }),
    '/etc/containers/networks/x.json':
      '{"name":"__proto__","driver":"constructor","options":{"__proto__":1,"constructor":1}}',
    '/root/.config/containers/auth.json': '{"auths":{"__proto__":{"auth":"eA=="},"constructor":1}}',
    '/etc/nsswitch.conf': eachWord((word) => `${word}: ${word}`),
    '/etc/os-release': eachWord((word) => `${word}=${word}`),
    '/etc/sysctl.conf': eachWord((word) => `${word}=1\nnet.${word}.${word}=1\nkernel.${word}=1`),
    '/var/lib/dpkg/status': eachWord(
      (word) => `Package: ${word}\nStatus: install ok installed\nArchitecture: ${word}\nVersion: ${word}\n${word}: x\n`,
    ),
    [common]: eachWord(
      (word) =>
        `export ${word}=${word}\n${word} -${word} --${word}\ndockerd -${word} --${word}=1\nmount -t ${word} -o ${word} x /y`,
    ),
  }
  const image = await tinyImage(join(folder, 'words.squashfs'), (tree) => {
    for (const [path, text] of Object.entries(texts)) tree.set(path, path === common ? program(text) : file(text))
  })
  const results = await judge(image)
  expect(results.filter(({ status }) => status === 'error')).toEqual([])
  expect(JSON.stringify(results)).not.toContain('native code')
}, 30_000)

const lists = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

/** Files of JSON by their paths, with a value in the place of one that podman or dockerd takes. */
const jsonFiles = (value: string): Record<string, string> => ({
  '/etc/containers/networks/driver.json': `{"name":"driver","id":"${'a'.repeat(64)}","driver":${value}}`,
  '/etc/containers/networks/name.json': `{"name":${value}}`,
  '/etc/containers/networks/subnet.json': `{"name":"subnet","id":"${'a'.repeat(64)}","subnets":[{"subnet":${value}}]}`,
  '/etc/containers/networks/subnets.json': `{"name":"subnets","id":"${'a'.repeat(64)}","subnets":[${value}]}`,
  '/root/.config/containers/auth.json': `{"credHelpers":{"x.test":${value}}}`,
  '/root/.docker/config.json': `{"auths":${value},"credHelpers":{"x.test":${value}}}`,
  '/usr/share/containers/oci/hooks.d/stages.json': `{"version":"1.0.0","hook":${value},"stages":[${value}]}`,
  '/usr/share/containers/oci/hooks.d/version.json': `{"version":${value}}`,
  '/etc/containers/policy.json': `{"default":[{"type":${value}}],"transports":{"docker":${value}}}`,
  '/etc/docker/daemon.json': `{"hosts":${value},"runtimes":${value},"${'x'.repeat(100_000)}":${value}}`,
})

test.each([
  ['nothing', 'null'],
  ['an object that cannot be written as a text', '{"toString":1,"valueOf":1}'],
  ['a list of nothing', '[null]'],
  ['lists within lists, deeper than calls go', lists(200_000)],
])(
  'an image that has %s where names belong is judged, for either engine',
  async (_, value) => {
    for (const [engine, profileName] of [
      ['podman', 'vpdmn'],
      ['docker', 'vdkr'],
    ] as const) {
      const tree = tinyTrees[engine]()
      for (const [path, text] of Object.entries(jsonFiles(value))) tree.set(path, file(text))
      const results = await judge(await squashfsOf(join(folder, 'json.squashfs'), tree), profileName)
      expect(results.filter(({ status }) => status === 'error')).toEqual([])
    }
  },
  30_000,
)

test('an image whose every file is a hole of 32 GiB is judged, and is too large', async () => {
  const names = ['init', 'vcontainer-init-common.sh', 'passwd', 'policy.json'].map((name) => ({ name, inode: 3 }))
  const programs = ['podman', 'crun', 'sh'].map((name) => ({ name, inode: 2 }))
  const firstBlock = Buffer.concat([podmanProgram(), Buffer.alloc(128 * 1024)]).subarray(0, 128 * 1024)
  const image = join(folder, 'holes.squashfs')
  writeFileSync(
    image,
    rawSquashfs([
      { type: 'folder', names: [{ name: 'bin', inode: 1 }, { name: 'etc', inode: 4 }, ...names] },
      { type: 'folder', names: programs },
      { type: 'file', content: firstBlock, holes: 2 ** 18 },
      { type: 'file', holes: 2 ** 18 },
      { type: 'folder', names },
    ]),
  )
  const results = await judge(image)
  expect(results.filter(({ status }) => status === 'error')).toEqual([])
  expect(results.find(({ id }) => id === 'SIZ-001')?.status).toBe('fail')
}, 30_000)

async function judge(image: string, profileName = 'vpdmn') {
  const profile = await loadProfile(profileName)
  const inspected = await inspectImage(await openImageFile(image), profile)
  try {
    return await checkImage(inspected, profile)
  } finally {
    inspected.close()
  }
}
