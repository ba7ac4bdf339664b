import { describe, expect, test } from 'vitest'
import { CallFault } from '../../model/faults.ts'
import { parseShellCall } from './shell-call.ts'
import { shellHelp, shellOptions } from './shell-options.ts'

const parse = (...args: string[]) => parseShellCall(args, '/here')

describe('a call that is right', () => {
  test('forks the reference image of one architecture where no image is named', () => {
    expect(parse()).toMatchObject({ action: 'open', way: 'fresh', verify: { images: [], architectures: ['x86_64'] } })
  })

  test('takes the architecture from the image, and paths from the folder of the call', () => {
    expect(parse('my.squashfs', '--boot', '--kernel', 'k')).toMatchObject({
      way: 'boot',
      verify: {
        images: ['/here/my.squashfs'],
        architectures: ['x86_64', 'aarch64'],
        kernel: '/here/k',
        keepGoing: true,
      },
    })
  })

  test('passes on what is asked of the sandbox of QEMU', () => {
    expect(parse('--no-sandbox')).toMatchObject({ verify: { sandbox: 'off' } })
    expect(parse('--snapshot', 'out/x', '--require-sandbox')).toMatchObject({ sandbox: 'required' })
  })

  test('runs a command, or goes on with a guest that was kept', () => {
    expect(parse('--pulled', '--command', 'podman images')).toMatchObject({ way: 'pulled', command: 'podman images' })
    expect(parse('--snapshot', 'out/x')).toEqual({
      action: 'snapshot',
      folder: '/here/out/x',
      sandbox: 'available',
    })
  })
})

test.each([
  [['--boot', '--init-hang'], '--boot and --init-hang cannot be combined: give only one.'],
  [
    ['--snapshot', 'd', '--arch', 'x86_64'],
    '--snapshot and --arch cannot be combined: a snapshot includes its machine.',
  ],
  [['--snapshot', 'd', 'image'], '--snapshot takes no image: a snapshot includes its own.'],
  [['a', 'b'], 'shell.mjs takes one image at a time.'],
  [['--arch', 'arm'], '--arch does not know "arm": it takes x86_64, aarch64.'],
  [['--comand', 'x'], 'There is no option --comand; did you mean --command?'],
])('%j is refused in one sentence', (args, sentence) => {
  expect(() => parse(...args)).toThrow(new CallFault(sentence))
})

test('the help text fits a screen and has every option', () => {
  const lines = shellHelp().split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  for (const { name } of shellOptions) expect(lines.filter((line) => line.startsWith(`  --${name} `))).toHaveLength(1)
})
