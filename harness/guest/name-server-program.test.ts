import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type ArchitectureName, architectureNames, architectures } from '../model/architecture.ts'
import { runTool } from '../platform/process/run-tool.ts'
import { nameServerProgram } from './name-server-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'name-server-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Asks for addresses of both families, and prints the answers in hexadecimal digits. */
const ask = `
const socket = require('node:dgram').createSocket('udp4')
const question = (id, type) => Buffer.concat([
  Buffer.from([0, id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]), Buffer.from('\\x06docker\\x02io\\0'), Buffer.from([0, type, 0, 1])])
let left = 2
socket.on('message', (answer) => { console.log(answer.toString('hex')); if (--left === 0) process.exit() })
socket.send(question(1, 1), 53, '10.0.2.3')
socket.send(question(2, 28), 53, '10.0.2.3')
setTimeout(() => process.exit(1), 5000)`

const own = architectureNames.find((name) => architectures[name].node === process.arch)

/** The program takes port 53 of an address that a name space of its own gives it, which only root can make. */
const canRun = own !== undefined && process.getuid?.() === 0

test.skipIf(!canRun)('every name leads to the registry, and to no address of IPv6', async () => {
  const program = join(folder, 'name-server')
  writeFileSync(program, nameServerProgram(own as ArchitectureName), { mode: 0o755 })
  const script = `ip link set lo up; ip address add 10.0.2.3/32 dev lo; "$1" & until grep -q ":0035 " /proc/net/udp; do sleep 0.05; done; "$2" -e "$3"; code=$?; kill $!; exit $code`
  const args = ['-n', 'sh', '-c', script, 'sh', program, process.execPath, ask]
  const { stdout, exitCode } = await runTool('unshare', args, { timeoutMs: 20_000 })
  expect(exitCode).toBe(0)
  const answers = stdout.toString().trim().split('\n').toSorted()
  const name = '06646f636b657202696f00'
  expect(answers).toEqual([
    `0001858000010001${'0'.repeat(8)}${name}00010001c00c00010001000000050004${'0a000264'}`,
    `0002858000010000${'0'.repeat(8)}${name}001c0001`,
  ])
})

test.each(architectureNames)('the program for %s is whole', (architecture) => {
  const program = nameServerProgram(architecture)
  expect(program.readBigUInt64LE(64 + 32)).toBe(BigInt(program.length))
  expect(program.readBigUInt64LE(24)).toBe(0x400000n + 120n)
})
