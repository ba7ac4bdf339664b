import { type FileFault, type FurtherFiles, filesIn, ignored, refused } from './further-file.ts'

/** Of root's own folder and the system's the first that exists counts (containers-registries.d(5)). */
const places = ['/root/.config/containers/registries.d', '/etc/containers/registries.d']
const topKeys = ['default-docker', 'docker']

/** Keys of a YAML file at its left edge and one step in, which is all of its structure that can be wrong here. */
interface Outline {
  top: string[]
  /** Name spaces below `docker`. */
  nameSpaces: string[]
  hasTabs: boolean
}

const keyPattern = /^( *)(?:"([^"]+)"|'([^']+)'|([^\s#'"][^#]*?)):(?:\s|$)/

/** Where signatures of registries lie; podman reads all of them at each pull (containers/image docker/registries_d.go). */
export const signatureStores: FurtherFiles = {
  find: (image) => {
    const folders = places.filter((place) => image.files.isFolder(place)).slice(0, 1)
    return ['.yaml', '.yml'].flatMap((ending) => filesIn(image, folders, ending))
  },
  judge: ({ files }, paths) => {
    const seen = new Map<string, string>()
    return paths.flatMap((path) => {
      if (path.endsWith('.yml')) return [ignored(path, 'Its name does not end in .yaml')]
      const text = files.text(path) ?? ''
      return [...outlineFaults(path, outlineOf(text), seen), ...valueFaults(path, text)]
    })
  },
}

function outlineOf(text: string): Outline {
  const outline: Outline = { top: [], nameSpaces: [], hasTabs: /^ *\t+ *[^\s#]/m.test(text) }
  let step = 0
  for (const line of text.split('\n')) {
    const [, indent = '', ...names] = keyPattern.exec(line) ?? []
    const name = names.find((each) => each !== undefined)
    if (name === undefined) continue
    if (indent === '') {
      outline.top.push(name)
      step = 0
    } else if (outline.top.at(-1) === 'docker') {
      step ||= indent.length
      if (indent.length === step) outline.nameSpaces.push(name)
    }
  }
  return outline
}

function outlineFaults(path: string, outline: Outline, seen: Map<string, string>): FileFault[] {
  if (outline.hasTabs) return [refused(path, 'It is indented by tabs, which YAML forbids')]
  const defined = [
    ...outline.top.filter((name) => name === 'default-docker'),
    ...outline.nameSpaces.map((name) => `docker ${name}`),
  ]
  const twice = defined.filter((name) => seen.has(name))
  const faults = twice.map((name) => refused(path, `${name} is defined in ${seen.get(name)} too`))
  for (const name of defined) seen.set(name, path)
  const unknown = outline.top.filter((name) => !topKeys.includes(name) && name !== '---')
  return [...faults, ...unknown.map((name) => ignored(path, `The key ${name} is none of ${topKeys.join(', ')}`))]
}

const settingPattern = /^\s+(lookaside|lookaside-staging|sigstore|sigstore-staging|use-sigstore-attachments):(.*)$/
const isTruth = /^(y|yes|n|no|true|false|on|off)$/i

/** Podman looks for signatures at each pull, whatever the policy asks (containers/image docker/lookaside.go, getOneSignature). */
function valueFaults(path: string, text: string): FileFault[] {
  return text.split('\n').flatMap((line): FileFault[] => {
    const [, key, raw = ''] = settingPattern.exec(line) ?? []
    const value = raw
      .replace(/\s#.*$/, '')
      .trim()
      .replace(/^(["'])(.*)\1$/, '$2')
    if (key === undefined || value === '') return []
    if (key === 'use-sigstore-attachments')
      return isTruth.test(value) ? [] : [refused(path, `${key} is ${JSON.stringify(value)}, neither true nor false`)]
    if (/^(https?|file):\/\//.test(value)) return []
    return [refused(path, `${key} is ${JSON.stringify(value)}, which does not begin with https://, http:// or file://`)]
  })
}
