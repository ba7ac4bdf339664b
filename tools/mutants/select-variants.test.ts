import { describe, expect, test } from 'vitest'
import { CallFault } from '../../harness/model/faults.ts'
import { mutantsHelp, parseMutantsCall } from './mutants-call.ts'
import { selectVariants } from './select-variants.ts'

const select = (...args: string[]) => selectVariants(parseMutantsCall(args))

describe('npm run mutants', () => {
  test('takes all variants on both architectures', () => {
    const { staticVariants, bootVariants } = select()
    expect(new Set(staticVariants.map(({ arch }) => arch))).toEqual(new Set(['x86_64', 'aarch64']))
    expect(staticVariants.some(({ expected }) => expected.length === 0)).toBe(true)
    expect(bootVariants.length).toBeGreaterThan(0)
  })

  test('takes one kind, one architecture, some areas or some names', () => {
    expect(select('--static').bootVariants).toEqual([])
    expect(select('--boot', '--arch', 'aarch64').bootVariants.every(({ arch }) => arch === 'aarch64')).toBe(true)
    const byArea = select('--area', 'tls,usr', '--arch', 'x86_64').staticVariants
    expect(byArea.every(({ expected }) => expected.some((id) => /^(TLS|USR)-/.test(id)))).toBe(true)
    const named = select('--only', 'gzip,init-hangs', '--arch', 'x86_64')
    expect(named.staticVariants.map(({ id }) => id)).toEqual(['gzip'])
    expect(named.bootVariants.map(({ variant }) => variant.id)).toEqual(['init-hangs'])
  })

  test.each([
    [['--only', 'no-host'], 'did you mean no-hosts?'],
    [['--area', 'XYZ'], '--area: there is no XYZ'],
    [['--arch', 'riscv'], '--arch does not know "riscv"'],
    [['--jobs', '0'], '--jobs must be an integer'],
    [['--fast'], 'npm run mutants -- --help'],
  ])('refuses %s', (args, message) => {
    expect(() => select(...args)).toThrow(CallFault)
    expect(() => select(...args)).toThrow(message)
  })

  test('explains itself in lines of 80 columns', () => {
    for (const option of ['arch', 'static', 'boot', 'area', 'only', 'jobs', 'json', 'quiet'])
      expect(mutantsHelp).toContain(`--${option}`)
    expect(mutantsHelp.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})
