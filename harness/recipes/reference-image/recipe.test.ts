import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eras } from '../../contract/eras.ts'
import { type EraName, featureNames } from '../../model/era.ts'
import { CallFault } from '../../model/faults.ts'
import { requireTool } from '../../platform/process/run-tool.ts'
import { initramfsScript } from '../boot-kit/boot-kit.ts'
import { imageScripts } from './image-scripts.ts'
import { folders, type RecipeName, recipes, unwantedPackages } from './recipe.ts'
import { releaseOf } from './reference-image.ts'

const recipeNames = Object.keys(recipes) as RecipeName[]

describe('the four files in /etc/containers are what the recipe writes', () => {
  const { files } = recipes.vpdmn

  test('policy.json', () => {
    expect(files['etc/containers/policy.json']).toBe('{"default":[{"type":"insecureAcceptAnything"}]}\n')
  })

  test('registries.conf', () => {
    expect(files['etc/containers/registries.conf']?.split('\n')).toEqual([
      '# Search registries',
      'unqualified-search-registries = ["docker.io", "quay.io"]',
      '',
      '# Short name aliases',
      '[aliases]',
      ...['alpine', 'busybox', 'nginx', 'ubuntu', 'debian'].map((name) => `"${name}" = "docker.io/library/${name}"`),
      '',
    ])
  })

  test('storage.conf', () => {
    expect(files['etc/containers/storage.conf']?.split('\n')).toEqual([
      '[storage]',
      'driver = "vfs"',
      'runroot = "/run/containers/storage"',
      'graphroot = "/var/lib/containers/storage"',
      '',
      '[storage.options]',
      'additionalimagestores = []',
      '',
    ])
  })

  test('containers.conf', () => {
    expect(files['etc/containers/containers.conf']?.split('\n')).toEqual([
      '[engine]',
      '# Location of helper binaries (netavark, aardvark-dns)',
      'helper_binaries_dir = ["/usr/libexec/podman"]',
      '',
      '[network]',
      '# Use netavark as the network backend',
      'network_backend = "netavark"',
      '',
    ])
  })
})

test('the later revision has nftables, no iptables, and only the network backend in containers.conf', () => {
  const recipe = recipes['vpdmn-2026']
  expect(recipe.files['etc/containers/containers.conf']).toBe('[network]\nnetwork_backend = "netavark"\n')
  expect(recipe.packages).toContain('nftables')
  expect(recipe.packages).not.toContain('iptables')
  expect(recipe.excludedPackages).toContain('iptables')
  expect(Object.keys(recipe.links).filter((path) => path.includes('iptables'))).toEqual([])
})

test('the release branch has CNI and its plugins, no netavark, and only the network backend in containers.conf', () => {
  const recipe = recipes['vpdmn-wrynose']
  expect(recipe.files['etc/containers/containers.conf']).toBe('[network]\nnetwork_backend = "cni"\n')
  expect(recipe.packages).toEqual(expect.arrayContaining(['containernetworking-plugins', 'iptables']))
  expect(recipe.excludedPackages).toEqual(expect.arrayContaining(['netavark', 'aardvark-dns']))
  expect(recipe.files['etc/nsswitch.conf']).not.toBe(recipes.vpdmn.files['etc/nsswitch.conf'])
})

test('the release branch is built of the one release whose podman has CNI, and another one is refused', () => {
  expect(releaseOf('vpdmn-wrynose')).toBe('bookworm')
  expect(releaseOf('vpdmn-wrynose', 'bookworm')).toBe('bookworm')
  expect(() => releaseOf('vpdmn-wrynose', 'trixie')).toThrow(CallFault)
  expect(() => releaseOf('vpdmn-wrynose', 'trixie')).toThrow(/bookworm only: .*CNI/)
  expect(releaseOf('vpdmn', 'bookworm')).toBe('bookworm')
})

test.each(recipeNames)('%s never asks systemd for names', (name) => {
  expect(recipes[name].files['etc/nsswitch.conf']).not.toContain('systemd')
  expect(recipes[name].files['etc/nsswitch.conf']).toContain('hosts: files dns\n')
})

test('has the folders that the recipe makes and that init mounts on', () => {
  expect(Object.keys({ ...folders, ...recipes.vpdmn.folders })).toEqual(
    expect.arrayContaining(['mnt/input', 'mnt/state', 'var/lib/containers', 'run/containers', 'proc', 'sys', 'dev']),
  )
  expect([folders.tmp, folders['var/tmp']]).toEqual([0o1777, 0o1777])
})

test('leaves out no package that the recipe asks for', () => {
  const unwanted = new RegExp(`^(?:${unwantedPackages.map(({ source }) => source).join('|')})$`)
  for (const recipe of Object.values(recipes)) expect(recipe.packages.filter((name) => unwanted.test(name))).toEqual([])
})

describe('scripts', async () => {
  const ofRecipes = await Promise.all(
    recipeNames.map(async (recipe) =>
      Object.entries(await imageScripts(recipe)).map(([name, text]) => ({ name: `${recipe} /${name}`, text })),
    ),
  )
  const every = [...ofRecipes.flat(), { name: 'boot kit /init', text: await readFile(initramfsScript, 'utf8') }]

  test.each(every)('$name parses under busybox', async ({ text }) => {
    await requireTool('busybox', ['sh', '-n'], { timeoutMs: 10_000, input: text })
  })

  test.each(every)('$name parses as POSIX shell', async ({ text }) => {
    await requireTool('sh', ['-n'], { timeoutMs: 10_000, input: text })
  })

  test.each(every)('$name has Unix line ends and says which shell reads it, or that it is sourced', ({ text }) => {
    expect(text).not.toContain('\r')
    expect(text).toMatch(/^#(!\/bin\/sh\n|.* sourced )/)
  })
})

describe('each era has its own features and no others in its scripts', () => {
  const eraOf: Record<RecipeName, EraName> = {
    vpdmn: 'seed',
    'vpdmn-wrynose': 'wrynose',
    'vpdmn-2026': 'master',
    vdkr: 'master',
  }
  const marks = { auth: /\}_auth=/, ca: /\}_ca=/, addresses: /\}_gw=/, timing: /vcontainer_timing/ }

  test.each(recipeNames)('%s', async (recipe) => {
    const text = Object.values(await imageScripts(recipe)).join('')
    expect(featureNames.filter((name) => marks[name].test(text))).toEqual(eras[eraOf[recipe]].features)
  })
})

describe('shared functions of the init scripts', () => {
  const run = async (commands: string) => {
    const source = `${(await imageScripts('vpdmn-2026'))['vcontainer-init-common.sh']}\n${commands}`
    return (await requireTool('busybox', ['sh', '-c', source], { timeoutMs: 10_000 })).stdout.toString()
  }

  test('put a path in place of every {INPUT} and leave other braces alone', async () => {
    expect(await run(`fill_in_input 'ls {INPUT} "{INPUT}/x" {OTHER} $HOME' /mnt/input; echo "$filled"`)).toBe(
      'ls /mnt/input "/mnt/input/x" {OTHER} $HOME\n',
    )
  })

  test.each([
    ['echo "ä  b"', 0],
    ['x', 0],
  ])('decode the base64 of %s', async (text) => {
    const encoded = Buffer.from(text).toString('base64')
    expect(await run(`decode_base64 '${encoded}'`)).toBe(text)
  })

  test.each(['', 'not base64!', 'YQ==; reboot', '*'])('refuse %j as base64', async (text) => {
    expect(await run(`decode_base64 '${text}' || echo refused`)).toBe('refused\n')
  })

  const printed = async (output: string) => {
    const folder = await mkdtemp(join(tmpdir(), 'output-'))
    try {
      await writeFile(join(folder, 'output'), output)
      return await run(`print_output ${folder}/output`)
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  test('start a marker on a line of its own after output that ends without one', async () => {
    expect(await printed('a\nb')).toBe('===OUTPUT_START===\na\nb\n===OUTPUT_END===\n')
  })

  test('keep output that ends with a line as it is', async () => {
    expect(await printed('a\n')).toBe('===OUTPUT_START===\na\n===OUTPUT_END===\n')
  })
})
