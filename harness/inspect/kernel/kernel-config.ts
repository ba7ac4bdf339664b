import { gunzipSync } from 'node:zlib'

/** How a kernel was configured: `y` built in, `m` a module; an option that is not here is off. Names stand without `CONFIG_`. */
export type KernelConfig = ReadonlyMap<string, 'y' | 'm'>

/** A configuration as text has 0.3 MiB, packed 0.1 MiB. */
const maxConfigBytes = 4 * 1024 * 1024

/** Reads the text of a `.config`; undefined where it has not a single option, and so is none. */
export function parseKernelConfig(text: string): KernelConfig | undefined {
  const options = [...text.matchAll(/^CONFIG_(\w+)=([ym])$/gm)]
  if (options.length === 0) return undefined
  return new Map(options.map(([, name = '', value]) => [name, value as 'y' | 'm']))
}

/** The version in the head of a `.config`, without what a builder appends to it; undefined where it has none (scripts/kconfig/confdata.c). */
export const configVersion = (text: string): string | undefined =>
  /^# Linux\/\S+ (\d+\.\d+(?:\.\d+)?)\S* Kernel Configuration$/m.exec(text)?.[1]

/** What encloses the packed configuration in a kernel with CONFIG_IKCONFIG, or in its module configs.ko (kernel/configs.c). */
const [startMark, endMark] = [Buffer.from('IKCFG_ST'), Buffer.from('IKCFG_ED')]

/** The configuration that an unpacked kernel, or configs.ko, carries along; undefined where it carries none. */
export function embeddedConfig(kernel: Buffer): string | undefined {
  const start = kernel.indexOf(startMark)
  const end = start < 0 ? -1 : kernel.indexOf(endMark, start)
  if (end < 0 || end - start > maxConfigBytes) return undefined
  try {
    return gunzipSync(kernel.subarray(start + startMark.length, end), { maxOutputLength: maxConfigBytes }).toString()
  } catch {
    // The marks alone also stand in programs that look for them.
    return undefined
  }
}
