import type { FileTree } from '../file-tree.ts'

/** Who made the image's packages (os-release(5)); both unknown where the image has no such file. */
export interface Distribution {
  id: string | undefined
  versionId: string | undefined
}

export function readDistribution(files: FileTree): Distribution {
  const text = files.text('/etc/os-release') ?? files.text('/usr/lib/os-release') ?? ''
  return { id: osValue(text, 'ID'), versionId: osValue(text, 'VERSION_ID') }
}

/** Both keys hold only letters, digits and `._-`, with or without quotes. */
const osValue = (text: string, key: string): string | undefined =>
  new RegExp(`^${key}=(["']?)([\\w.-]{1,64})\\1[ \\t]*$`, 'm').exec(text)?.[2]
