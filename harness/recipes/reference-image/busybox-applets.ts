import { EnvironmentFault } from '../../model/faults.ts'

/**
 * Reads the applets of a busybox from its program file, since one of another architecture cannot be asked. The names
 * are one sorted run of NUL-terminated texts that begins with `[` and `[[` (`applet_names` in busybox's libbb/appletlib.c).
 */
export function busyboxApplets(program: Buffer): string[] {
  const start = program.indexOf('\0[\0[[\0', 0, 'latin1')
  if (start < 0) throw new EnvironmentFault('The busybox of the Debian package holds no list of applets.')
  const names: string[] = []
  for (let at = start + 1; ; ) {
    const end = program.indexOf(0, at)
    const name = program.toString('latin1', at, end)
    if (!/^(\[\[?|[a-z][a-z0-9_.-]*)$/.test(name)) return names
    names.push(name)
    at = end + 1
  }
}
