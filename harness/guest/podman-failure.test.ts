import { expect, test } from 'vitest'
import { type TinyElf, tinyElf } from '../../fixtures/static/tiny-elf.ts'
import { GuestFault } from '../model/faults.ts'
import { refusalsIn, tools, toolsOf } from './firewall-probes.ts'
import type { ExecResult, GuestAgent } from './guest-agent.ts'
import { interpreterIn, pathsIn, reasonOf, refusalDiagnosis, startFailure } from './podman-failure.ts'

const id = '3f4e'.repeat(16)

test('two commands that fail in the same words have one reason', () => {
  const failed = (name: string) =>
    `Trying to pull…\nError: netavark: code: 3, msg: iptables: container ${name} of "${name}": exit status 4`
  expect(reasonOf(failed(id))).toBe(reasonOf(failed(id.replaceAll('3', '5'))))
  expect(reasonOf('Error: crun: unknown version specified')).not.toBe(reasonOf(failed(id)))
})

test('without an error of podman’s there is no reason to share', () => {
  expect(reasonOf('')).toBeUndefined()
  expect(reasonOf('killed')).toBeUndefined()
})

test('a program’s loader and a script’s interpreter are read from their first bytes', () => {
  const elf: TinyElf = { interpreter: '/lib64/ld-linux-x86-64.so.2', needed: ['libc.so.6'] }
  expect(interpreterIn(tinyElf(elf))).toEqual({ kind: 'loader', path: '/lib64/ld-linux-x86-64.so.2' })
  expect(interpreterIn(Buffer.from('#!/usr/bin/perl -w\n'))).toEqual({ kind: 'interpreter', path: '/usr/bin/perl' })
  expect(interpreterIn(Buffer.from('plain text /lib/ld.so.2\0'))).toBeUndefined()
})

// containers/netavark issue 816: "Extension MASQUERADE revision 0 not supported, missing kernel module?".
test('what iptables refuses names the option of the kernel', () => {
  const [iptables] = tools
  if (!iptables) throw new Error('There is no tool.')
  const refusals = refusalsIn(iptables, 'MASQUERADE: Warning: Extension MASQUERADE revision 0 not supported, missing\n')
  expect(refusals).toMatchObject([{ tool: 'iptables', option: 'CONFIG_NETFILTER_XT_TARGET_MASQUERADE' }])
  const { words, remedy } = refusalDiagnosis(refusals)
  expect(words).toMatch(/iptables’s MASQUERADE is refused \(Warning: Extension MASQUERADE/)
  expect(remedy).toMatch(/^Enable CONFIG_NETFILTER_XT_TARGET_MASQUERADE in the kernel/)
})

// containers/netavark issue 1057: "internal:0:0-0: Error: Could not process rule: No such file or directory".
test('a table that cannot be made, and a rule that is refused, name what they need', () => {
  const nft = tools.find(({ name }) => name === 'nft')
  if (!nft) throw new Error('There is no nft.')
  expect(refusalsIn(nft, 'table: Error: Could not process rule: Operation not supported')).toMatchObject([
    { name: 'table', option: expect.stringContaining('CONFIG_NF_TABLES_INET') },
  ])
  expect(refusalsIn(nft, 'fib daddr: Error: Could not process rule: No such file or directory')).toMatchObject([
    { name: 'fib daddr', option: 'CONFIG_NFT_FIB_INET' },
  ])
  expect(refusalsIn(nft, '')).toEqual([])
})

/** An agent of a guest with one program, whose loader is there or not. */
const agentOf = (program: Buffer, hasLoader: boolean) => {
  const exec = async (_: string, [applet]: readonly string[]): Promise<Partial<ExecResult>> =>
    applet === 'head' ? { exitCode: 0, stdout: program } : { exitCode: hasLoader ? 0 : 1 }
  return { exec } as unknown as GuestAgent
}
const refused = new GuestFault('The guest agent refused guest-exec: "podman" (No such file or directory).', 'console')
const podman = tinyElf({ interpreter: '/lib64/ld-linux-x86-64.so.2', needed: ['libc.so.6'] })

test('a podman that cannot be started for want of its loader names that', async () => {
  const fault = await startFailure(agentOf(podman, false), refused)
  expect(fault.message).toMatch(/\/usr\/bin\/podman is there; its loader \/lib64\/ld-linux-x86-64\.so\.2 is not\.$/)
  expect(fault.remedy).toMatch(/^Install \/lib64\/ld-linux/)
})

test('one whose loader is there stays what the agent said', async () => {
  expect(await startFailure(agentOf(podman, true), refused)).toBe(refused)
})

test('the programs that podman hears nothing of are looked at too', () => {
  expect(pathsIn('Error: container create failed (no logs from conmon): conmon bytes ""')).toContain('/usr/bin/crun')
  expect(pathsIn('fork/exec /usr/libexec/podman/netavark: no such file or directory')).toEqual([
    '/usr/libexec/podman/netavark',
  ])
})

test('only the tool is tried that netavark speaks of', () => {
  const names = (message: string) => toolsOf(message).map(({ name }) => name)
  expect(names('netavark: nftables error: nft did not return successfully')).toEqual(['nft'])
  expect(names('netavark: iptables v1.8.11 (nf_tables): RULE_APPEND failed')).toEqual(['iptables'])
  expect(names('netavark: code 1')).toEqual(['iptables', 'nft'])
})
