import type { Finding } from '../../model/result.ts'
import type { ImageModules } from './image-modules.ts'
import type { ModuleFile } from './kernel-module.ts'
import type { KernelNeed, ShippedKernel } from './shipped-kernel.ts'

/** A kernel and the modules that the image has. */
export interface KernelAndModules {
  kernel: ShippedKernel
  inImage: ImageModules
}

/** What is known of one need. */
export type JudgedNeed =
  | { need: KernelNeed; is: 'met' | 'unknown' | 'off' }
  | { need: KernelNeed; is: 'absent'; modules: string[] }

type OptionState = 'built in' | 'module' | 'off' | 'unknown'

/** Compares one need with what the kernel tells and with the modules of initramfs and image. */
export function judgeNeed(known: KernelAndModules, need: KernelNeed): JudgedNeed {
  const options = Object.entries(need.options)
  const states = options.map(([option, module]) => stateOf(known, need, option, module))
  if (states.includes('built in')) return { need, is: 'met' }
  const modules = options.flatMap(([, module], index) => (states[index] === 'module' && module ? [module] : []))
  if (modules.some((name) => isAtHand(known, need, name))) return { need, is: 'met' }
  if (modules.length > 0) return { need, is: 'absent', modules }
  return { need, is: states.includes('unknown') ? 'unknown' : 'off' }
}

function stateOf(
  { kernel, inImage }: KernelAndModules,
  { symbol }: KernelNeed,
  option: string,
  module: string | null,
): OptionState {
  if (kernel.config) return configStates[kernel.config.options.get(option) ?? 'n']
  if (symbol !== undefined && kernel.symbols?.has(symbol)) return 'built in'
  if (module === null || kernel.builtIn === undefined) return 'unknown'
  if (kernel.builtIn.modules.has(module)) return 'built in'
  if (inImage.ofKernel.has(module) || [kernel.initramfs?.modules, archived(kernel)].some((all) => has(all, module)))
    return 'module'
  // All that may be a module and is built in is in that list; the module may still lie in an initramfs that was not read.
  return kernel.initramfs?.modules === undefined && archived(kernel) === undefined ? 'unknown' : 'off'
}

const has = (modules: readonly ModuleFile[] | undefined, module: string): boolean =>
  modules?.some(({ name }) => name === module) ?? false

/** All modules that were built with the kernel, where they lie beside it. */
const archived = ({ archive, version }: ShippedKernel): readonly ModuleFile[] | undefined =>
  archive?.release === version ? archive.modules : undefined

const configStates = { y: 'built in', m: 'module', n: 'off' } as const

/**
 * Whether a module is there when it is needed, and of this kernel. Of an initramfs that is the harness's own, or was not read,
 * nothing is held against the kernel.
 */
function isAtHand({ kernel, inImage }: KernelAndModules, { early }: KernelNeed, module: string): boolean {
  const { initramfs, version } = kernel
  if (initramfs?.modules === undefined || (early !== true && inImage.ofKernel.has(module))) return true
  return initramfs.modules.some(
    ({ name, release = version }) => name === module && (release === version || version === 'unknown'),
  )
}

/** Objections to the kernel, each once, with all options that it concerns. */
export function kernelFindings(kernel: ShippedKernel, judged: readonly JudgedNeed[]): Finding[] {
  const failed = judged.filter(({ is }) => is === 'off' || is === 'absent')
  const alike = Map.groupBy(failed, ({ is, need }) => `${is} ${need.early} ${need.breaks}`)
  return [...alike.values()].map((group) => findingOf(kernel, group))
}

function findingOf(kernel: ShippedKernel, group: readonly JudgedNeed[]): Finding {
  const [{ need }] = group as [JudgedNeed]
  const names = group.map((each) => namesOf(each.need)).join(', ')
  const [is, it] = group.length === 1 ? ['is', 'it'] : ['are', 'them']
  const modules = group.flatMap((each) => (each.is === 'absent' ? each.modules : []))
  if (modules.length === 0)
    return {
      message: `${names} ${is} off, by ${kernel.config?.origin ?? kernel.builtIn?.origin}; without ${it} ${need.breaks}.`,
      path: kernel.path,
      remedy: `Set ${names} in the configuration of the kernel and build it again.`,
    }
  const files = modules.map((name) => `${name}.ko`).join(', ')
  const places = need.early
    ? `the initramfs ${kernel.initramfs?.path} has not`
    : 'neither its initramfs nor the image has'
  return {
    message: `${names} ${is} built as ${files}, which ${places} for this kernel; without ${it} ${need.breaks}.`,
    path: kernel.path,
    remedy: `Build ${names} in (=y), or install ${files}${need.early ? ' in the initramfs' : ''}, of this kernel${archivePlace(kernel, modules)}.`,
  }
}

/** Where the modules are to be had. */
const archivePlace = (kernel: ShippedKernel, modules: readonly string[]): string =>
  modules.every((name) => has(archived(kernel), name)) ? `: ${kernel.archive?.path} has what is missing` : ''

const namesOf = ({ options }: KernelNeed): string =>
  Object.keys(options)
    .map((option) => `CONFIG_${option}`)
    .join(' or ')
