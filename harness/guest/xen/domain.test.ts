import { expect, test } from 'vitest'
import { GuestFault } from '../../model/faults.ts'
import { Lifetime } from '../../platform/process/lifetime.ts'
import { Domain, type HostOfDomain } from './domain.ts'

/** A host whose domain shows a piece of its console at each look and is gone with the last one. */
function hostShowing(pieces: readonly string[]): HostOfDomain {
  let looks = 0
  const agent = {
    readFile: async (path: string) => Buffer.from(path.endsWith('.reader') ? '7\n' : pieces.slice(0, looks).join('')),
    exec: async () => ({ exitCode: ++looks < pieces.length ? 0 : 1 }),
  }
  // No process has this ID, so none waits for a processor, which would put bounds off.
  const machine = { ended: new Promise(() => {}), pid: 0 }
  return { agent, machine } as unknown as HostOfDomain
}

const domainOn = (host: HostOfDomain): Domain =>
  new Domain({ host, name: 'one', path: '/run/domains/one', askedMs: performance.now(), lifetime: new Lifetime() })

const boundMs = 10_000

test('reads the answer from a console that comes in pieces', async () => {
  const domain = domainOn(hostShowing(['===OUTPUT_ST', 'ART===\r\nhello\r\n===OUTPUT_END===\r\n===EXIT_CODE=7===\r\n']))
  expect(await domain.answer(boundMs)).toEqual({ output: 'hello', exitCode: 7 })
  expect(domain.firstOutputMs).toBeGreaterThanOrEqual(0)
})

test('a domain that printed nothing has no time of its first output', async () => {
  const domain = domainOn(hostShowing(['']))
  expect(await domain.answer(boundMs)).toEqual({})
  expect(domain.firstOutputMs).toBeUndefined()
})

test('a panic of its kernel is the image’s failure, with the console', async () => {
  const domain = domainOn(
    hostShowing(['[   12.345678] Kernel panic - not syncing: Attempted to kill init!\n', 'more\n']),
  )
  const failed = domain.answer(boundMs)
  await expect(failed).rejects.toThrow(GuestFault)
  await expect(failed).rejects.toThrow('The kernel of the domain one panicked')
})

test('a domain that does not end is the image’s failure', async () => {
  const pieces = Array.from({ length: 50 }, (_, index) => `line ${index}\n`)
  await expect(domainOn(hostShowing(pieces)).answer(100)).rejects.toThrow('for the domain one to end')
})

test('an answer is what comes behind the line that was typed', async () => {
  const typed: (string | undefined)[] = []
  const host = hostShowing(Array.from({ length: 50 }, () => ''))
  const console = () => (typed.length === 0 ? '===RUNNING===\n' : '===RUNNING===\n===EXITED=3===\n')
  host.agent.readFile = async (path) => Buffer.from(path.endsWith('.reader') ? '7\n' : console())
  host.agent.shell = async (_, options) => {
    typed.push(options?.input?.toString())
    return { exitCode: 0, stdout: Buffer.of(), stderr: Buffer.of(), timedOut: false, durationMs: 1 }
  }
  const domain = domainOn(host)
  const isState = (text: string) => /^===(RUNNING|EXITED=3)===$/.test(text)
  expect(await domain.line('a state', isState, boundMs)).toBe('===RUNNING===')
  expect(await domain.ask('===STATUS===', isState, boundMs)).toBe('===EXITED=3===')
  expect(typed).toEqual(['===STATUS===\n'])
})
