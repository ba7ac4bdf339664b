import { expect, test } from 'vitest'
import { enclosed } from './enclosure.ts'
import { runTool } from './run-tool.ts'

const isRoot = process.getuid?.() === 0

async function run(script: string, user?: string, timeoutMs = 10_000) {
  const [tool = '', ...args] = await enclosed(['sh', '-c', script], user)
  const result = await runTool(tool, args, { timeoutMs })
  return { ...result, stdout: result.stdout.toString() }
}

/** Whether this system grants name spaces; what they bring can be seen only there. */
const isGranted = (await enclosed(['true'])).includes('unshare')

test('a tool ends with its exit code and what it printed', async () => {
  expect(await run('echo out; echo err >&2; exit 5')).toMatchObject({ exitCode: 5, stdout: 'out\n', stderr: 'err\n' })
})

test.runIf(isGranted)('it has no network, not even the host’s own', async () => {
  const { stdout } = await run('tail -n +3 /proc/net/dev')
  expect(stdout.trim().split('\n')).toEqual([expect.stringMatching(/^\s*lo:\s+0\s/)])
})

test('it gains no right by a program that has one', async () => {
  expect((await run('grep NoNewPrivs /proc/self/status')).stdout).toMatch(/^NoNewPrivs:\s+1\n$/)
})

test.runIf(isRoot)('it acts as the user that it is told', async () => {
  expect((await run('id -u; id -g; id -G', '65534')).stdout).toBe('65534\n65534\n65534\n')
})

test.runIf(isGranted).each([undefined, ...(isRoot ? ['65534'] : [])])(
  'of a tool that takes too long as user %s nothing runs on, not even what left its session',
  async (user) => {
    const mark = `40${process.pid}${user ?? ''}`
    const { timedOut } = await run(`setsid sleep ${mark} & sleep ${mark}`, user, 1000)
    expect(timedOut).toBe(true)
    const running = async () => (await runTool('ps', ['-eo', 'args'], { timeoutMs: 10_000 })).stdout.toString()
    await expect.poll(running, { timeout: 10_000 }).not.toContain(`sleep ${mark}`)
  },
)
