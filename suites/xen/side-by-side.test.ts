import { expect } from 'vitest'
import { nonces } from '../../harness/guest/runner/nonces.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedBoot } from '../../harness/run/shared-boot.ts'
import { domainTestTimeoutMs, domainTimeoutMs, forkHost, rootFileSystem } from '../../harness/run/xen-domain.ts'

const nonce = nonces()
const words = [nonce.word('first'), nonce.word('second')] as const
const codes = [nonce.code('first'), nonce.code('second')] as const
/** Long enough for both to be there together, whichever boots first. */
const stay = 'sleep 20'

const both = sharedBoot('XEN-009', async (environment) => {
  const { lifetime } = environment
  const host = await forkHost(environment, [await rootFileSystem(environment), await rootFileSystem(environment)])
  const create = (index: 0 | 1) => {
    const cmd = `${stay}; echo ${words[index]}; exit ${codes[index]}`
    return host.create({ name: `domain${index}`, request: { cmd, input: 'dir' }, input: index }, lifetime)
  }
  const domains = [await create(0), await create(1)]
  const together = await host.domains()
  const answers = await Promise.all(domains.map((domain) => domain.answer(2 * domainTimeoutMs)))
  return { together, answers }
})

requirement('XEN-009', domainTestTimeoutMs, async () => {
  const { together, answers } = await both()
  expect(together.toSorted(), 'domains at the same time').toEqual(['domain0', 'domain1'])
  expect(answers.map(({ output }) => output)).toEqual(words)
  expect(answers.map(({ exitCode }) => exitCode)).toEqual(codes)
})
