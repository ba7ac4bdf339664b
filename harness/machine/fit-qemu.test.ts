import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { architectureNames, architectures } from '../model/architecture.ts'
import { EnvironmentFault } from '../model/faults.ts'
import { requireFitQemu } from './fit-qemu.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fit-qemu-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const devices = ['virtio-9p-pci', 'virtio-blk-pci', 'virtio-net-pci', 'virtserialport']

/** What is said of a QEMU that tells this of itself. */
async function saidOf(version: string, has: readonly string[] = devices, netdevs = 'socket\nuser\n') {
  const { emulator } = architectures.x86_64
  const listed = has.map((name) => `name "${name}", bus PCI, alias "x"\n`).join('')
  writeFileSync(
    join(folder, emulator),
    `#!/bin/sh
case "$*" in
  --version) echo 'QEMU emulator version ${version}' ;;
  *-netdev*) printf 'Available netdev backend types:\\n${netdevs.replaceAll('\n', '\\n')}' ;;
  *-device*) printf '${listed.replaceAll('\n', '\\n')}' ;;
esac
`,
    { mode: 0o755 },
  )
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
  return requireFitQemu(architectures.x86_64).catch((error: unknown) => error)
}

test.each(architectureNames)('the QEMU that is installed here runs guests of %s', async (name) => {
  await requireFitQemu(architectures[name])
})

test.each(['7.2.0', '10.0.7 (Debian 1:10.0.7+ds)', 'of a branch'])('version %s is fit', async (version) => {
  expect(await saidOf(version)).toBeUndefined()
})

test.each(['5.2.0 (Debian 1:5.2+dfsg-11+deb11u5)', '6.2.0', '7.1.94'])('version %s is too old', async (version) => {
  const said = await saidOf(version)
  expect(said).toBeInstanceOf(EnvironmentFault)
  expect(said).toMatchObject({ code: 'E_UNFIT_QEMU', exitCode: 3 })
  expect((said as Error).message).toBe(
    `qemu-system-x86_64 ${version} is too old: 7.2 is the oldest that runs these guests. Install a newer one, as Debian 12 and Ubuntu 24.04 have it.`,
  )
})

test('parts that this QEMU was built without are named', async () => {
  const said = await saidOf('8.2.2', devices.slice(1), 'socket\nvhost-user\n')
  expect(said).toMatchObject({ code: 'E_UNFIT_QEMU' })
  expect((said as Error).message).toMatch(
    / without user, the guest’s network .*; virtio-9p-pci, the guest’s shares .*\. /,
  )
})
