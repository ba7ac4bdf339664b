import { execFileSync } from 'node:child_process'
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { tinyImage } from '../../../fixtures/static/tiny-image.ts'
import { CallFault } from '../../model/faults.ts'
import { Lifetime } from '../../platform/process/lifetime.ts'
import { parseVerifyCall } from '../parse-verify-call.ts'
import { verifyImages } from '../verify/verify-images.ts'
import { parsePushAttestationCall, pushAttestationHelp } from './push-attestation-call.ts'
import { verifyAttestation } from './verify-attestation.ts'
import { parseVerifyAttestationCall, verifyAttestationHelp } from './verify-attestation-call.ts'

const folder = mkdtempSync(join(tmpdir(), 'verify-attestation-'))
const image = join(folder, 'tiny.squashfs')
let shown = ''
/** Takes 2 s on an idle machine. */
const setUpLimitMs = 60_000

async function verified(args: readonly string[]): Promise<number> {
  const call = parseVerifyCall([...args, '--suite', 'static', '--quiet'], folder)
  if (call.action !== 'verify') throw new Error('These arguments ask for no verification.')
  const lifetime = new Lifetime()
  try {
    return await verifyImages(call, lifetime)
  } finally {
    await lifetime.end()
  }
}

const check = async (...args: string[]): Promise<number> => {
  const call = parseVerifyAttestationCall(args, folder)
  if (call.action === 'help') throw new Error('These arguments ask for help.')
  return verifyAttestation(call)
}
const given = ['out/tiny.intoto.jsonl', 'tiny.squashfs', '--key', 'key.pub']

beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    shown += text
    return true
  })
  await tinyImage(image)
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')])
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'other')])
  expect(await verified(['tiny.squashfs', '--out', 'out', '--attest', 'key'])).toBe(0)
}, setUpLimitMs)
afterEach(() => {
  shown = ''
})
afterAll(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

describe('an attestation of a run', () => {
  test('holds a test result and a summary, each on a line', () => {
    const lines = readFileSync(join(folder, given[0] as string), 'utf8')
      .trim()
      .split('\n')
    const types = lines.map(
      (line) => JSON.parse(Buffer.from(JSON.parse(line).payload, 'base64').toString()).predicateType,
    )
    expect(types).toEqual([
      'https://in-toto.io/attestation/test-result/v0.1',
      'https://slsa.dev/verification_summary/v1',
    ])
  })

  test('is accepted for its image, and says what judged it', async () => {
    expect(await check(...given, '--policy', 'max-age=1,no-waivers,suite=static')).toBe(0)
    expect(shown).toMatch(/tiny.squashfs: attested\n.*profile vpdmn \(era seed\), suites static\n/)
  })

  test('that does not meet the policy is told with exit code 1', async () => {
    expect(await check(...given, '--policy', 'era=master', '--policy', 'suite=boot')).toBe(1)
    expect(shown).toMatch(/policy is not met: .*era seed, which is before master; .*suite boot\n/)
  })

  test('is refused for another image, by another key, and where the kernel was another', async () => {
    copyFileSync(image, join(folder, 'changed'))
    appendFileSync(join(folder, 'changed'), 'x')
    await expect(check(given[0] as string, 'changed', '--key', 'key.pub')).rejects.toThrow(/is on other files/)
    await expect(check(...given.slice(0, 2), '--key', 'other.pub')).rejects.toThrow(/not signed by this key/)
    await expect(check(...given, '--kernel', 'key')).rejects.toThrow(/none of its statements has the SHA-256 of .*key/)
  })

  test(
    'of an image that does not conform is written, and is not accepted',
    async () => {
      await tinyImage(join(folder, 'bad.squashfs'), (tree) => {
        tree.delete('/init')
      })
      expect(await verified(['bad.squashfs', '--out', 'bad', '--attest', 'key'])).toBe(1)
      expect(await check('bad/bad.intoto.jsonl', 'bad.squashfs', '--key', 'key.pub')).toBe(1)
      expect(shown).toContain('it did not conform')
    },
    setUpLimitMs,
  )
})

test('a key that cannot sign ends the run before it begins', async () => {
  writeFileSync(join(folder, 'nonsense'), 'x')
  await expect(verified(['tiny.squashfs', '--out', 'no', '--attest', 'nonsense'])).rejects.toThrow(CallFault)
})

test.each([
  '',
  'a',
  'a b',
  'a b c --key k',
  'a b --key k --policy era=old',
  'a b --key k --policy era',
  'a b --key k --policy no-waivers=1',
  'a b --key k --policy max-age=x',
  'a b --key k --policy constructor=1',
])('"%s" is a wrong call', (line) => {
  expect(() => parseVerifyAttestationCall(line.split(' ').filter(Boolean), folder)).toThrow(CallFault)
})

test.each(['', 'a', 'a b c'])('"%s" is a wrong call of the push', (line) => {
  expect(() => parsePushAttestationCall(line.split(' ').filter(Boolean), folder)).toThrow(CallFault)
})

test.each([verifyAttestationHelp(), pushAttestationHelp()])('the help text keeps to 80 columns', (text) => {
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
})
