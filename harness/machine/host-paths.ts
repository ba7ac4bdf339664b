import { dirname, resolve } from 'node:path'

/** A file or folder of the host that QEMU opens. */
export interface HostPath {
  path: string
  access: 'read-only' | 'read-write'
}

/** Options whose values name files, by the key that does, and whether QEMU makes what they name, as it does sockets. */
const namingOptions: Record<string, { key: string; isMade: boolean }> = {
  '-drive': { key: 'file', isMade: false },
  '-fsdev': { key: 'path', isMade: false },
  '-object': { key: 'mem-path', isMade: false },
  '-chardev': { key: 'path', isMade: true },
}

const readOnly = ['read-only=on', 'readonly=on']

/** The files and folders that options of QEMU name; of one that QEMU is to make, the folder. */
export function hostPaths(options: readonly string[]): HostPath[] {
  return options.flatMap((option, index) => {
    const naming = namingOptions[option]
    return naming === undefined ? [] : pathOf(naming, options[index + 1] ?? '')
  })
}

function pathOf({ key, isMade }: (typeof namingOptions)[string], value: string): HostPath[] {
  // Values end at a comma; a doubled one is a comma of the value (qemu(1), "-drive").
  const settings: readonly string[] = value.match(/(?:[^,]|,,)+/g) ?? []
  const named = settings.find((setting) => setting.startsWith(`${key}=`))
  if (named === undefined) return []
  const path = resolve(named.slice(key.length + 1).replaceAll(',,', ','))
  if (isMade) return [{ path: dirname(path), access: 'read-write' }]
  return [{ path, access: readOnly.some((setting) => settings.includes(setting)) ? 'read-only' : 'read-write' }]
}
