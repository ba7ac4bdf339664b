import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { extensionProgram, levelProgram, levelText } from '../../fixtures/processor/level-program.ts'
import { architectures } from '../model/architecture.ts'
import type { ProcessorFeature } from '../model/processor-feature.ts'
import { Lifetime } from '../platform/process/lifetime.ts'
import { requireTool } from '../platform/process/run-tool.ts'
import { ensureBootKit } from '../recipes/boot-kit/boot-kit.ts'
import { disk } from './devices.ts'
import { contractShape, type MachineShape, quickShape } from './machine-shape.ts'
import { awaitGuest, startGuest } from './start-guest.ts'

/** A boot takes 5 to 15 s under emulation, and the kit may have to be built. */
const bootTimeoutMs = 120_000
const testTimeoutMs = 600_000

const folder = mkdtempSync(join(tmpdir(), 'level-'))
afterAll(() => rmSync(folder, { recursive: true }))
let lifetime: Lifetime
beforeEach(() => {
  lifetime = new Lifetime()
})
afterEach(() => lifetime.end())

const x86 = architectures.x86_64
const quick = (...needed: ProcessorFeature[]): MachineShape => quickShape(x86, 'tcg', needed)

/** Boots an image whose init is a program, up to the line that it prints. */
async function boot(program: Buffer, shape: MachineShape): Promise<string> {
  const tree = mkdtempSync(join(folder, 'tree-'))
  for (const name of ['dev', 'proc', 'sys', 'run', 'tmp']) mkdirSync(join(tree, name))
  await writeFile(join(tree, 'init'), program)
  await chmod(join(tree, 'init'), 0o755)
  const image = `${tree}.squashfs`
  const packing = [tree, image, '-noappend', '-all-root', '-quiet', '-no-progress']
  await requireTool('mksquashfs', packing, { timeoutMs: 60_000 })
  const { kernel, initramfs } = await ensureBootKit(shape.architecture.name)
  const plan = { shape, boot: { kernel, initramfs, parameters: [] }, devices: [disk('rootfs', image, 'read-only')] }
  const guest = await startGuest(plan, lifetime)
  const line = guest.console.lineWhere((text) => text.trim() === levelText.trim())
  return (await awaitGuest(guest, 'the line of init', bootTimeoutMs, line)).text.trim()
}

describe('an image whose programs are for x86-64-v3', () => {
  test.each([
    ['the quick machine that is chosen for it', quick('x86-64-v3')],
    ['the machine of runners', contractShape(x86, 'tcg')],
  ])(
    'starts on %s',
    async (_, shape) => expect(await boot(levelProgram(3), shape)).toBe(levelText.trim()),
    testTimeoutMs,
  )

  test(
    'dies on the machine for older ones, and the failure names the reason',
    async () =>
      expect(boot(levelProgram(3), quick())).rejects.toThrow(
        /init ended by SIGILL: it uses an instruction that the processor/,
      ),
    testTimeoutMs,
  )
})

test(
  'an image whose programs are for x86-64-v4 starts on no emulated machine, and the failure names the reason',
  async () => expect(boot(levelProgram(4), quick('x86-64-v4'))).rejects.toThrow(/init ended by SIGILL/),
  testTimeoutMs,
)

const arm = architectures.aarch64
const quickArm = (...needed: ProcessorFeature[]): MachineShape => quickShape(arm, 'tcg', needed)

describe('an aarch64 image whose init needs an extension of Armv8.0', () => {
  test.each([
    ['LSE', 'lse', quickArm('lse')],
    ['SVE', 'sve', quickArm('sve')],
    ['none', 'none', contractShape(arm, 'tcg')],
  ] as const)(
    'starts on the machine that has it: %s',
    async (_, extension, shape) => expect(await boot(extensionProgram(extension), shape)).toBe(levelText.trim()),
    testTimeoutMs,
  )

  test.each(['lse', 'sve'] as const)(
    'dies on the machine of runners, and the failure names the reason: %s',
    async (extension) =>
      expect(boot(extensionProgram(extension), contractShape(arm, 'tcg'))).rejects.toThrow(/init ended by SIGILL/),
    testTimeoutMs,
  )
})
