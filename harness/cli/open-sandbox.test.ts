import { afterEach, expect, test, vi } from 'vitest'
import { sandboxGaps } from '../machine/confined-qemu.ts'
import { isSandboxOff } from '../machine/sandbox-switch.ts'
import { EnvironmentFault } from '../model/faults.ts'
import { openSandbox } from './open-sandbox.ts'

vi.mock('../machine/confined-qemu.ts', () => ({ sandboxGaps: vi.fn() }))
const gaps = vi.mocked(sandboxGaps)

afterEach(() => vi.unstubAllEnvs())

const refused = 'NO view of its own, so it sees all files of the host: bubblewrap is refused (no)'

async function open(wish: Parameters<typeof openSandbox>[0], found: string[]) {
  vi.stubEnv('VPDMN_CONFORMANCE_NO_SANDBOX', undefined)
  gaps.mockResolvedValue(found)
  const told: string[] = []
  const error = await openSandbox(wish, ['x86_64', 'aarch64'], (line) => told.push(line)).catch((cause) => cause)
  return { told, error, isOff: isSandboxOff() }
}

test('where all of the sandbox is in force, nothing is said', async () => {
  expect(await open('available', [])).toEqual({ told: [], error: undefined, isOff: false })
  expect(await open('required', [])).toEqual({ told: [], error: undefined, isOff: false })
})

test('what is not in force is told once for all architectures, and the run goes on', async () => {
  const { told, error } = await open('available', [refused])
  expect(told).toEqual([
    expect.stringMatching(/^QEMU is not held as it should be: NO view .*\(no\)\. What .* SECURITY/),
  ])
  expect(error).toBeUndefined()
})

test('where all of it is required, what is missing is a fault of the environment', async () => {
  const { told, error } = await open('required', [refused])
  expect(told).toEqual([])
  expect(error).toBeInstanceOf(EnvironmentFault)
  expect((error as EnvironmentFault).code).toBe('E_NO_SANDBOX')
  expect((error as Error).message).toMatch(/--require-sandbox demands: NO view .* leave the option out/)
})

test('what is switched off stays off for the processes of this one, and is told', async () => {
  const { told, isOff } = await open('off', ['NO sandbox'])
  expect([told.length, isOff]).toEqual([1, true])
})
