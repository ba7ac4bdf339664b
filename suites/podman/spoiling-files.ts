import { guestBusybox } from '../../harness/guest/guest-agent.ts'
import type { ForkedGuest } from '../../harness/guest/prepare/forked-guest.ts'

/** Where files of the configuration lie (containers.conf(5), containers-storage.conf(5), containers-registries.conf(5) and .d(5)). */
const places = ['/etc/containers', '/usr/share/containers']
const away = '/run/harness-left-out'

/** A command of podman's works; nothing else is asked. */
const works = async ({ podman }: ForkedGuest, args: readonly string[]): Promise<boolean> => {
  const { exitCode, timedOut } = await podman(args)
  return exitCode === 0 && !timedOut
}

/** The configuration's files; signature policies are not among them, since no pull works without one. */
const configurationFiles = async ({ agent }: ForkedGuest): Promise<string[]> => {
  const find = `${guestBusybox} find ${places.join(' ')} -type f '(' -name '*.conf' -o -name '*.yaml' ')' 2> /dev/null; :`
  return (await agent.mustShell(find)).split('\n').filter((path) => path !== '')
}

/**
 * Which part of the image's configuration makes podman refuse a command that works with an empty one: a file, and a table of it
 * where leaving that out is enough. Undefined where the configuration is not to blame.
 */
export async function spoilingPart(guest: ForkedGuest, args: readonly string[]): Promise<string | undefined> {
  const files = await configurationFiles(guest)
  if (files.length === 0 || !(await worksWithout(guest, files, args))) return undefined
  for (const file of files)
    if (await worksWithout(guest, [file], args)) {
      const table = await spoilingTable(guest, file, args)
      return table === undefined ? file : `[${table}] of ${file}`
    }
  return files.join(' and ')
}

async function worksWithout(guest: ForkedGuest, files: readonly string[], args: readonly string[]): Promise<boolean> {
  const move = (from: (file: string) => string, to: (file: string) => string) =>
    guest.agent.mustShell(
      files.map((file) => `mkdir -p "$(dirname '${to(file)}')" && mv '${from(file)}' '${to(file)}'`).join(' && '),
    )
  const place = (file: string) => `${away}${file}`
  await move((file) => file, place)
  const succeeded = await works(guest, args)
  await move(place, (file) => file)
  return succeeded
}

async function spoilingTable(guest: ForkedGuest, file: string, args: readonly string[]): Promise<string | undefined> {
  const { agent } = guest
  const text = (await agent.readFile(file)).toString('utf8')
  for (const { name, without } of tablesOf(text)) {
    await agent.writeFile(file, without)
    const succeeded = await works(guest, args)
    await agent.writeFile(file, text)
    if (succeeded) return name
  }
  return undefined
}

/** The tables of a TOML file, each with what the file is without it. */
export function tablesOf(text: string): { name: string; without: string }[] {
  const lines = text.split('\n')
  const starts = lines.flatMap((line, at) => {
    const [, name] = /^\s*\[{1,2}([^[\]]+)\]{1,2}\s*(?:#.*)?$/.exec(line) ?? []
    return name === undefined ? [] : [{ name: name.trim(), at }]
  })
  return starts.map(({ name, at }, index) => ({
    name,
    without: [...lines.slice(0, at), ...lines.slice(starts[index + 1]?.at ?? lines.length)].join('\n'),
  }))
}
