import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { configVersion, embeddedConfig, parseKernelConfig } from './kernel-config.ts'

const config = `#
# Automatically generated file; DO NOT EDIT.
# Linux/x86 6.12.118 Kernel Configuration
#
CONFIG_CC_VERSION_TEXT="gcc"
CONFIG_SQUASHFS=m
# CONFIG_SQUASHFS_ZSTD is not set
CONFIG_9P_FS=y
CONFIG_HZ=250
`
const carrying = (text: string): Buffer =>
  Buffer.concat([Buffer.alloc(100), Buffer.from('IKCFG_ST'), gzipSync(text), Buffer.from('IKCFG_ED'), Buffer.alloc(9)])

test('options are built in or modules; what is neither is left out', () => {
  expect(parseKernelConfig(config)).toEqual(
    new Map([
      ['SQUASHFS', 'm'],
      ['9P_FS', 'y'],
    ]),
  )
  expect(configVersion(config)).toBe('6.12.118')
})

test('what has no option is no configuration', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseKernelConfig(text.replaceAll('CONFIG_', ''))).toBeUndefined()
    }),
  )
})

test('the configuration that a kernel carries along is found, wherever it lies', () => {
  expect(embeddedConfig(carrying(config))).toBe(config)
})

test('a kernel that carries none, marks around something else, and a bomb are told from it', () => {
  expect(embeddedConfig(Buffer.from('Linux version 6.12'))).toBeUndefined()
  expect(embeddedConfig(Buffer.from('looks for IKCFG_ST and IKCFG_ED'))).toBeUndefined()
  expect(embeddedConfig(Buffer.from('IKCFG_ED IKCFG_ST'))).toBeUndefined()
  expect(embeddedConfig(carrying('CONFIG_A=y\n'.repeat(1_000_000)))).toBeUndefined()
})
