import type { InspectedImage } from '../inspect-image.ts'

/** What is wrong with a file that podman reads besides its main ones. */
export interface FileFault {
  path: string
  message: string
  /** `refused`: podman gives up; `ignored`: it goes on without the file or the line, at most with a warning. */
  outcome: 'refused' | 'ignored'
}

/** One kind of such files: where they lie, and how podman reads them. */
export interface FurtherFiles {
  /** Paths that the image has of this kind. */
  find(image: InspectedImage): string[]
  /** Looks at all of them, since some contradict one another. */
  judge(image: InspectedImage, paths: readonly string[]): FileFault[]
}

export const refused = (path: string, message: string): FileFault => ({ path, message, outcome: 'refused' })
export const ignored = (path: string, message: string): FileFault => ({ path, message, outcome: 'ignored' })

/** Regular files of folders whose names end in some way, in the order of the folders. */
export const filesIn = ({ files }: InspectedImage, folders: readonly string[], ending: string): string[] =>
  folders
    .flatMap((folder) => files.list(folder).map(({ name }) => `${folder}/${name}`))
    .filter((path) => path.endsWith(ending) && files.findFile(path) !== undefined)

/** No file of podman's nests half as deep; what nests without end cannot be printed. */
const maxDepth = 64

/** The object in a JSON file, or why it holds none. */
export function readObject(
  image: InspectedImage,
  path: string,
): { value: Record<string, unknown> } | { error: string } {
  try {
    const value: unknown = JSON.parse(image.files.text(path) ?? '')
    if (nests(value, maxDepth)) return { error: `it nests deeper than ${maxDepth}` }
    return isObject(value) ? { value } : { error: 'it is not an object' }
  } catch (error) {
    return { error: (error as Error).message }
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a value has values within values deeper than this; looked at level by level, since calls within calls are bounded. */
function nests(value: unknown, depth: number): boolean {
  let level = [value]
  for (let passed = 0; passed <= depth && level.length > 0; passed++)
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  return level.length > 0
}
