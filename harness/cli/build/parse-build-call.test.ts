import { describe, expect, test, vi } from 'vitest'
import { CallFault } from '../../model/faults.ts'
import { parseVerifyCall } from '../parse-verify-call.ts'
import { parseBuildCall } from './parse-build-call.ts'

const orders = (...args: string[]) => {
  const options = parseBuildCall(args, '/here')
  return options.action === 'build' ? options.orders : []
}

test('without options builds both architectures, of the releases that boot kit and recipe have by default', () => {
  const common = { recipe: 'vpdmn', force: false }
  expect(orders()).toEqual([
    { arch: 'x86_64', ...common },
    { arch: 'aarch64', ...common },
  ])
})

test('takes architecture, release, recipe and force', () => {
  expect(orders('--arch', 'aarch64', '--release', 'bookworm', '--recipe', 'vpdmn-2026', '--force')).toEqual([
    { arch: 'aarch64', release: 'bookworm', recipe: 'vpdmn-2026', force: true },
  ])
})

test('a relative --out means the folder of the call', () => {
  expect(orders('--arch', 'x86_64', '--out', 'blobs')[0]?.out).toBe('/here/blobs')
})

const bitbake = (...args: string[]) => {
  const options = parseBuildCall(['--builder', 'bitbake', '--build-dir', 'build', ...args], '/here')
  if (options.action !== 'bitbake') throw new Error(options.action)
  return options
}

describe('with --builder bitbake', () => {
  test('builds the layer’s image and its copies in the multiconfig of each architecture', () => {
    expect(bitbake().order).toEqual({
      buildDir: '/here/build',
      recipe: 'vpdmn-rootfs-image',
      multiconfigs: ['vruntime-x86-64', 'vruntime-aarch64'],
      targets: ['vpdmn-initramfs-create'],
      force: false,
      quiet: false,
    })
    expect(bitbake('--arch', 'aarch64', '--force').order).toMatchObject({
      multiconfigs: ['vruntime-aarch64'],
      force: true,
    })
    expect(bitbake('--arch', 'all').order.multiconfigs).toHaveLength(2)
  })

  test('of another recipe builds what its machine boots by, or what is named', () => {
    const beside = ['vpdmn-tiny-initramfs-image', 'virtual/kernel']
    expect(bitbake('--recipe', 'my-image').order).toMatchObject({ recipe: 'my-image', targets: beside })
    const vdkr = bitbake('--recipe', 'vdkr-rootfs-image', '--target', 'vdkr-initramfs-create,a:do_deploy')
    expect(vdkr.order.targets).toEqual(['vdkr-initramfs-create', 'a:do_deploy'])
    expect(bitbake('--multiconfig', 'one,two').order.multiconfigs).toEqual(['one', 'two'])
  })

  test('takes every option of a verification as verify.mjs reads it', () => {
    const words = [
      ...['--arch', 'x86_64', '--suite', 'static', '--suite=boot,performance', '--out', 'reports', '--json', '--quick'],
      ...['--format', 'tap,sarif', '--profile', './mine.toml', '--waivers', 'w.toml', '--baseline', 'b.json'],
      ...['--seed', '7', '--history', 'h.jsonl', '--keep-going', '--jobs', '3', '--shard', '1/2', '--quiet'],
    ]
    expect(bitbake(...words).verify).toEqual(parseVerifyCall(words, '/here'))
  })

  test('takes the build folder of the environment that oe-init-build-env made', () => {
    vi.stubEnv('BUILDDIR', '/build')
    const options = parseBuildCall(['--builder', 'bitbake'], '/here')
    vi.unstubAllEnvs()
    expect(options).toMatchObject({ order: { buildDir: '/build' } })
  })

  test.each([
    [['--release', 'trixie'], '--release has no effect with --builder bitbake'],
    [['--suite', 'statik'], 'did you mean static?'],
    [['--list'], 'give it to verify.mjs'],
    [['--recipe=-k'], 'takes names as bitbake has them'],
    [['--target', 'a b'], 'takes names as bitbake has them'],
    [['--baseline', 'b.json'], 'requires --suite performance'],
  ])('refuses %j before anything is built', (args, words) => {
    expect(() => bitbake(...args)).toThrow(CallFault)
    expect(() => bitbake(...args)).toThrow(words)
  })
})

describe('refuses in one sentence', () => {
  test.each([
    [['--arch', 'arm'], 'x86_64, aarch64, all'],
    [['--recipe', 'vpdmn-2025'], 'vpdmn-2026'],
    [['--release', '--force'], 'needs a value'],
    [['--recipe', 'vpdmn-wrynose', '--release', 'trixie'], 'bookworm only'],
    [['--release', '../etc'], 'not a Debian release name'],
    [['--release', '-o'], 'not a Debian release name'],
    [['image.squashfs'], 'takes options only'],
    [['--frce'], '--force'],
    [['--suite', 'static'], '--suite has no effect with --builder debian'],
    [['--target', 'a'], '--target has no effect with --builder debian'],
    [['--builder', 'bitbake'], '--build-dir DIR, or BUILDDIR'],
  ])('%j', (args, words) => {
    expect(() => parseBuildCall(args)).toThrow(CallFault)
    expect(() => parseBuildCall(args)).toThrow(words)
  })
})
