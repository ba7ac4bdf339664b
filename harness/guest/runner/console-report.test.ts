import { expect, test } from 'vitest'
import { runTool } from '../../platform/process/run-tool.ts'
import { outsideOfReport, printing, readReport, reportScript } from './console-report.ts'

const linesOf = (text: string) => text.split('\n').map((line) => ({ text: line }))

async function reportOf(sections: Record<string, string>) {
  const script = reportScript(sections).replace('>/dev/console', '>&1')
  const { stdout } = await runTool('sh', ['-c', script], { timeoutMs: 10_000 })
  return readReport(linesOf(stdout.toString()))
}

test('the output of each command comes back under its name, with or without a last line end', async () => {
  const report = await reportOf({
    lines: printing('a\n\nb\n'),
    word: 'printf word',
    nothing: ':',
    failing: 'cat /none',
  })
  expect(report.get('lines')).toBe('a\n\nb')
  expect(report.get('word')).toBe('word')
  expect(report.get('nothing')).toBe('')
  expect(report.get('failing')).toMatch(/No such file/)
})

test('a command that an init under dash would change is refused', () => {
  expect(() => reportScript({ zero: "tr '\\000' ' '" })).toThrow('holds a backslash')
})

test('a command that changes its shell does not change that of process 1', async () => {
  const script = reportScript({ first: 'cd /; exit 3' }, 'pwd').replace('>/dev/console', '>&1')
  const { stdout } = await runTool('sh', ['-c', script], { timeoutMs: 10_000, cwd: '/usr' })
  expect(stdout.toString().trimEnd().split('\n').at(-1)).toBe('/usr')
})

test('what stands between sections is none of them, and an unfinished one does not count', () => {
  const lines = linesOf('x\n@@a\n1\n\n@@\ny\n@@b\n2\n@@\nz')
  expect([...readReport(lines)]).toEqual([
    ['a', '1'],
    ['b', '2'],
  ])
  expect([...readReport(lines.slice(0, -2)).keys()]).toEqual(['a'])
  expect(outsideOfReport(lines).map(({ text }) => text)).toEqual(['x', 'z'])
})
