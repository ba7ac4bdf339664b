import { readFile } from 'node:fs/promises'

/** What a guest with the host's own processor sees of it, as Linux tells it on x86 and on arm64 (/proc/cpuinfo). */
const telling = [
  ...['vendor_id', 'cpu family', 'model', 'model name', 'stepping', 'microcode', 'flags'],
  ...['CPU implementer', 'CPU architecture', 'CPU variant', 'CPU part', 'CPU revision', 'Features'],
]

/** The processor that a guest of `-cpu host` has: a state of one does not go on with another. */
export const hostProcessor = async (): Promise<string> => processorOf(await readFile('/proc/cpuinfo', 'utf8'))

/** The lines that tell it, of the first processor. */
export function processorOf(cpuinfo: string): string {
  const [first = ''] = cpuinfo.split('\n\n')
  const lines = first.split('\n').filter((line) => telling.includes(line.split(':')[0]?.trim() ?? ''))
  return lines.join('\n')
}
