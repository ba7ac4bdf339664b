/** What a package gives a file beyond what others have, by the image's own record. */
export interface RecordedPrivilege {
  path: string
  isSetuid: boolean
  /** As text, such as `cap_setuid=ep`; empty for none. */
  capabilities: string
}

const setuid = 0o4000

/** apk's record of an installed package: `F:` a folder, `R:` a file in it, `a:` its owner, group and mode (Alpine, "Apk spec"). */
export function alpinePrivileges(text: string): RecordedPrivilege[] {
  const found: RecordedPrivilege[] = []
  let [folder, file] = ['', '']
  for (const line of text.split('\n')) {
    if (line.startsWith('F:')) folder = line.slice(2)
    else if (line.startsWith('R:')) file = line.slice(2)
    else if (line.startsWith('a:') && isSetuid(line.split(':')[3]))
      found.push({ path: `/${folder}/${file}`, isSetuid: true, capabilities: '' })
  }
  return found
}

/** What an administrator had dpkg record: owner, group, mode and path, line by line (dpkg-statoverride(1)). */
export const overridePrivileges = (text: string): RecordedPrivilege[] =>
  text.split('\n').flatMap((line) => {
    const [, , mode, path] = line.trim().split(/\s+/)
    return path && isSetuid(mode) ? [{ path, isSetuid: true, capabilities: '' }] : []
  })

const isSetuid = (mode: string | undefined): boolean => (Number.parseInt(mode ?? '', 8) & setuid) !== 0
