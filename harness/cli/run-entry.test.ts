import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'

const modules = {
  runEntry: pathToFileURL(`${import.meta.dirname}/run-entry.ts`).href,
  faults: pathToFileURL(`${import.meta.dirname}/../model/faults.ts`).href,
}

/** Runs `main` as an entry of its own in a Node process. */
function startEntry(main: string, args: string[] = []): ChildProcess {
  const program = `
    import { writeFileSync } from 'node:fs'
    import { runEntry } from '${modules.runEntry}'
    import { CallFault, EnvironmentFault } from '${modules.faults}'
    await runEntry(async (lifetime) => { ${main} })`
  return spawn(process.execPath, ['--input-type=module', '-e', program, '--', ...args], { stdio: 'pipe' })
}

async function endOf(child: ChildProcess) {
  const output = Promise.all([text(child.stdout as never), text(child.stderr as never)])
  const [exitCode] = await once(child, 'close')
  const [stdout, stderr] = await output
  return { exitCode, stdout, stderr }
}

const run = (main: string, args?: string[]) => endOf(startEntry(main, args))

async function interrupt(main: string, ...signals: NodeJS.Signals[]) {
  const child = startEntry(main)
  const end = endOf(child)
  await once(child.stdout as never, 'data')
  for (const [index, signal] of signals.entries()) {
    if (index > 0) await once(child.stderr as never, 'data')
    child.kill(signal)
  }
  return end
}

const waiting = 'console.log("ready"); await new Promise((resolve) => setTimeout(resolve, 60_000)); return 0'

describe('the end of an entry', () => {
  test('is the exit code of main, after what it deferred, even if something still keeps the process alive', async () => {
    const end = await run('lifetime.defer(() => console.log("undone")); setTimeout(() => {}, 60_000); return 1')
    expect(end).toEqual({ exitCode: 1, stdout: 'undone\n', stderr: '' })
  })

  test('a wrong call is one sentence and exit code 2', async () => {
    expect(await run('throw new CallFault("There is no such image.")')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'There is no such image.\n',
    })
  })

  test('a fault of the environment is its sentence and exit code 3', async () => {
    const end = await run('throw new EnvironmentFault("E_TOOL", "No space.", { cause: new Error("ENOSPC") })')
    expect(end).toEqual({ exitCode: 3, stdout: '', stderr: 'No space.\n' })
  })

  test('what the system refuses is a sentence too, not an internal error', async () => {
    const end = await run('writeFileSync("/sys/file", ""); return 0')
    expect(end).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/^\/sys\/file: .*\(open: E\w+\)\.\n$/) })
  })

  test.each([
    ['thrown', 'throw new TypeError("x is not a function")'],
    [
      'thrown outside of main',
      'setTimeout(() => { throw new TypeError("x is not a function") }); await new Promise(() => {})',
    ],
    [
      'rejected and not awaited',
      'Promise.reject(new TypeError("x is not a function")); await new Promise(() => { setTimeout(() => {}, 60_000) })',
    ],
  ])('an internal error that is %s is exit code 3 without a stack, and cleans up', async (_, main) => {
    const end = await run(`lifetime.defer(() => console.log("undone")); ${main}`)
    expect(end).toMatchObject({ exitCode: 3, stdout: 'undone\n' })
    expect(end.stderr).toMatch(/^Internal error: x is not a function\n.*--verbose for details\.\n$/)
  })

  test('--verbose shows the stack and the cause', async () => {
    const end = await run('throw new EnvironmentFault("E_TOOL", "No space.", { cause: new Error("ENOSPC") })', [
      '--verbose',
    ])
    expect(end.stderr).toMatch(/No space\.\n[\s\S]*at [\s\S]*ENOSPC/)
  })

  test('foreign text in a fault cannot steer the terminal', async () => {
    expect((await run('throw new CallFault("No \\u001b[2Jimage.")')).stderr).toBe('No \\x1b[2Jimage.\n')
  })

  test('a failed clean-up is not passed over', async () => {
    const end = await run(
      'lifetime.defer(() => { throw new EnvironmentFault("E_TOOL", "Cannot remove it.") }); return 0',
    )
    expect(end).toMatchObject({ exitCode: 3, stderr: 'Cannot remove it.\n' })
  })
})

describe('a signal', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s cleans up and gives exit code %d', async (signal, exitCode) => {
    const undo = 'lifetime.defer(() => writeFileSync(1, "undone"))'
    const end = await interrupt(`${undo}; ${waiting}`, signal)
    expect(end).toEqual({
      exitCode,
      stdout: expect.stringContaining('undone'),
      stderr: `Interrupted by ${signal}; cleaning up.\n`,
    })
  })

  test.each([
    ['return "There is a report."', 'There is a report.'],
    ['throw new EnvironmentFault("E_OUTPUT", "No space.")', 'No space.'],
  ])('says what it did before the clean-up, which comes all the same: %s', async (farewell, told) => {
    const undo = 'lifetime.defer(() => writeFileSync(1, "undone"))'
    const end = await interrupt(`${undo}; lifetime.onInterrupt(async () => { ${farewell} }); ${waiting}`, 'SIGTERM')
    expect(end).toEqual({
      exitCode: 143,
      stdout: expect.stringContaining('undone'),
      stderr: `Interrupted by SIGTERM; cleaning up.\n${told}\n`,
    })
  })

  test('silences what main says when its helpers are taken away', async () => {
    const main = `
      let takenAway
      const helper = new Promise((resolve) => { takenAway = resolve })
      lifetime.defer(async () => { takenAway(); await new Promise((resolve) => setTimeout(resolve, 100)) })
      console.log('ready')
      setTimeout(() => {}, 60_000)
      await helper
      console.log('ERROR')
      console.error('helper died')
      return 3`
    expect(await interrupt(main, 'SIGTERM')).toEqual({
      exitCode: 143,
      stdout: 'ready\n',
      stderr: 'Interrupted by SIGTERM; cleaning up.\n',
    })
  })

  test('a second one exits at once, and says what is left', async () => {
    const stuck = `lifetime.defer(() => new Promise(() => {}), 'the folder /x'); ${waiting}`
    const startMs = performance.now()
    const { exitCode, stderr } = await interrupt(stuck, 'SIGINT', 'SIGTERM')
    expect([exitCode, stderr]).toEqual([
      143,
      'Interrupted by SIGINT; cleaning up.\nStopped at once by SIGTERM; the folder /x may be left. The next run removes it.\n',
    ])
    expect(performance.now() - startMs).toBeLessThan(10_000)
  })

  test('waits for a clean-up that takes long, and says for what', async () => {
    const slow = `lifetime.defer(() => new Promise((resolve) => setTimeout(resolve, 11_000)), 'the folder /x')`
    const { exitCode, stderr } = await interrupt(`${slow}; ${waiting}`, 'SIGINT')
    expect(exitCode).toBe(130)
    expect(stderr).toMatch(/\nStill cleaning up after 1\d s, now the folder \/x\. Press Ctrl-C to leave at once\.\n$/)
  })
})

test('a reader that closes the pipe early is no fault', async () => {
  const child = startEntry('for (let line = 0; line < 50_000; line++) console.log("line", line); return 0')
  const stderr = text(child.stderr as never)
  await once(child.stdout as never, 'data')
  child.stdout?.destroy()
  const [exitCode] = await once(child, 'exit')
  expect({ exitCode, stderr: await stderr }).toEqual({ exitCode: 0, stderr: '' })
})
