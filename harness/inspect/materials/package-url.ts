/** Parts of a package URL (package-url specification, "Rules for each PURL component"). */
export interface PackageUrlParts {
  type: string
  /** Names separated by slashes; may be empty. */
  namespace: string
  name: string
  version: string | undefined
  qualifiers?: Readonly<Record<string, string | undefined>>
}

/** A package URL in canonical form: qualifiers sorted, empty ones left out. */
export function packageUrl({ type, namespace, name, version, qualifiers = {} }: PackageUrlParts): string {
  const names = [...namespace.split('/').filter((part) => part !== ''), name].map(encode)
  const given = Object.entries(qualifiers).flatMap(([key, value]) => (value ? [`${key}=${encode(value)}`] : []))
  const query = given.length === 0 ? '' : `?${given.sort().join('&')}`
  return `pkg:${type}/${names.join('/')}${version ? `@${encode(version)}` : ''}${query}`
}

/** All but letters, digits, `.`, `-`, `_`, `~` and `:` as `%` and the byte. */
const encode = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replaceAll('%3A', ':')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
