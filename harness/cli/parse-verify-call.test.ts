import { describe, expect, test } from 'vitest'
import { CallFault } from '../model/faults.ts'
import { reportFormats } from '../report/report-formats.ts'
import { parseVerifyCall } from './parse-verify-call.ts'
import type { VerifyRun } from './verify-call.ts'

const parse = (line: string) => parseVerifyCall(line.split(' ').filter(Boolean), '/here')
const parseRun = (line: string) => parse(line) as VerifyRun

describe('a call that is right', () => {
  test('without arguments verifies the reference images of both architectures by the default suites', () => {
    expect(parseRun('')).toMatchObject({
      action: 'verify',
      images: [],
      architectures: ['x86_64', 'aarch64'],
      suites: ['static', 'boot', 'podman'],
      accelerator: 'auto',
      registry: 'process',
      quick: false,
      keepGoing: false,
      useCache: true,
      json: false,
    })
  })

  test('without a profile leaves the choice to what each image contains', () => {
    expect(parseRun('a.squashfs').profile).toBeUndefined()
  })

  test('paths mean the folder of the call, wherever they stand', () => {
    const options = parseRun('a.squashfs --kernel k --initramfs=i sub/b --out o --waivers /w --profile ./mine.toml')
    expect(options).toMatchObject({
      images: ['/here/a.squashfs', '/here/sub/b'],
      kernel: '/here/k',
      initramfs: '/here/i',
      out: '/here/o',
      waivers: '/w',
      profile: '/here/mine.toml',
    })
  })

  test('lists may be split over commas and options; the order is that of the harness', () => {
    expect(parseRun('--suite podman,static --suite boot').suites).toEqual(['static', 'boot', 'podman'])
    expect(parseRun('--arch aarch64').architectures).toEqual(['aarch64'])
    expect(parseRun('--suite static,performance --baseline b').baseline).toBe('/here/b')
  })

  test('what follows a double dash is an image, whatever it looks like', () => {
    expect(parseRun('-- --arch').images).toEqual(['/here/--arch'])
  })

  test('two calls in the same second report into different folders under reports/out', () => {
    expect(parseRun('').out).toMatch(/\/reports\/out\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-\d+$/)
  })

  test('further reports are named, or all are taken', () => {
    expect(parseRun('').formats).toEqual([])
    expect(parseRun('--format tap,sarif').formats).toEqual(['sarif', 'tap'])
    expect(parseRun('--format all').formats).toEqual(reportFormats)
  })

  test('a shard is a part of a run, and merge joins the reports of all', () => {
    expect(parseRun('--shard 2/3').shard).toEqual({ index: 2, count: 3 })
    expect(parse('merge a /b --expect 2 --format tap --out o')).toEqual({
      action: 'merge',
      folders: ['/here/a', '/b'],
      expect: 2,
      formats: ['tap'],
      json: false,
      out: '/here/o',
    })
  })

  test('a registry may be the address of one', () => {
    expect(parseRun('--registry http://127.0.0.1:5000/').registry).toBe('http://127.0.0.1:5000')
    expect(parseRun('--registry testcontainers --registry-image r:2')).toMatchObject({ registryImage: 'r:2' })
  })

  test.each([
    ['--help --arch nonsense', { action: 'help' }],
    ['merge --help', { action: 'merge-help' }],
    ['--version', { action: 'version' }],
    ['--list --json --suite boot', { action: 'list', suites: ['boot'], profile: 'vpdmn', json: true }],
    ['--explain STO-001', { action: 'explain', requirementId: 'STO-001', profile: 'vpdmn', json: false }],
    [
      '--effective-config a --arch aarch64',
      { action: 'effective-config', images: ['/here/a'], profile: 'vpdmn', json: false, architectures: ['aarch64'] },
    ],
  ])('%s asks for something instead', (line, options) => expect(parse(line)).toEqual(options))

  test('reuses results, of the cache or a folder, unless it asks for guests of its own', () => {
    expect(parseRun('').reuse).toEqual({})
    expect(parseRun('--reuse d').reuse).toEqual({ folder: '/here/d' })
    for (const line of ['--fresh', '--no-cache', '--seed 1', '--history h', '--shard 1/2'])
      expect(parseRun(line).reuse).toBeUndefined()
  })
})

describe('a call that is wrong says in one sentence what and how to right it', () => {
  test.each([
    ['--frobnicate', 'There is no option --frobnicate; --help lists all.'],
    ['--arhc aarch64', 'There is no option --arhc; did you mean --arch?'],
    ['-x', 'There is no option -x; --help lists all.'],
    ['--arch amd65', '--arch does not know "amd65": it takes x86_64, aarch64.'],
    ['--arch x86-64', '--arch does not know "x86-64"; did you mean x86_64?'],
    ['--suite statik', '--suite does not know "statik"; did you mean static?'],
    ['--suite static,,boot', '--suite does not know "": it takes static, boot, podman, xen, performance.'],
    ['--suite storage', '--suite does not know "storage": it takes static, boot, podman, xen, performance.'],
    ['--baseline old.json', '--baseline requires --suite performance.'],
    ['--format html', `--format does not know "html": it takes ${[...reportFormats, 'all'].join(', ')}.`],
    ['--on-failure ask', '--on-failure does not know "ask": it takes snapshot, shell.'],
    [
      '--on-failure shell --suite static,boot',
      '--on-failure keeps guests of the podman suite, which --suite leaves out; shell.mjs IMAGE --boot boots one as the boot suite does.',
    ],
    ['--shard 3/2', '--shard takes auto or I/N, I from 1 to N and N up to 16, not "3/2".'],
    ['--shard 0/2', '--shard takes auto or I/N, I from 1 to N and N up to 16, not "0/2".'],
    ['merge', 'merge needs the folders of reports: verify.mjs merge DIR...'],
    ['merge a --expect none', '--expect must be an integer from 1 to 4096, not "none".'],
    ['--accel hvm', '--accel does not know "hvm"; did you mean kvm?'],
    ['--jobs 0', '--jobs must be an integer from 1 to 64, not "0".'],
    ['--jobs 1e3', '--jobs must be an integer from 1 to 64, not "1e3".'],
    ['--jobs=-2', '--jobs must be an integer from 1 to 64, not "-2".'],
    ['--kernel', '--kernel needs a value: --kernel FILE.'],
    ['--out --json', '--out needs a value: --out DIR.'],
    ['--out=', '--out needs a value: --out DIR.'],
    ['--json=yes', '--json takes no value, but was given "yes".'],
    ['--profile a --profile b', '--profile is given twice: give it once.'],
    ['--fail-fast --keep-going', '--fail-fast and --keep-going cannot be combined: give only one.'],
    ['--fail-fast --shard 1/2', '--fail-fast and --shard cannot be combined: give only one.'],
    ['--fail-fast --list', '--fail-fast and --list cannot be combined: give only one.'],
    [
      '--fail-fast --suite boot,performance',
      '--fail-fast and --suite performance cannot be combined: measure in a run of its own.',
    ],
    ['--fresh --reuse d', '--reuse and --fresh cannot be combined: give only one.'],
    ['--shard 1/2 --reuse d', '--reuse and --shard cannot be combined: give only one.'],
    ['--quiet --verbose', '--quiet and --verbose cannot be combined: give only one.'],
    ['--blobs d --kernel k', '--blobs and --kernel cannot be combined: give only one.'],
    ['--registry-image r', '--registry-image requires --registry testcontainers.'],
    ['--registry proces', '--registry does not know "proces"; did you mean process?'],
    ['--registry ftp://h', '--registry takes process, testcontainers or http(s)://HOST:PORT, not "ftp://h".'],
    [
      '--registry http://h/v2/x',
      '--registry takes only scheme, host and port of a registry: "http://h", not "http://h/v2/x".',
    ],
    ['--effective-config', '--effective-config needs an image: verify.mjs --effective-config IMAGE.'],
    ['--list a', '--list takes no image: leave out /here/a.'],
    ['--explain BIN-001 a', '--explain takes no image: leave out /here/a.'],
  ])('%s', (line, sentence) => {
    expect(() => parse(line)).toThrow(new CallFault(sentence))
  })

  test('an empty path', () => {
    expect(() => parseVerifyCall([''], '/here')).toThrow(CallFault)
  })
})
