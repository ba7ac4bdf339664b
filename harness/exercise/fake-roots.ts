import { chmod, mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stateDiskMiB } from '../contract/runner.ts'
import { EnvironmentFault, GuestFault } from '../faults.ts'
import { requireTool, runTool, type ToolResult } from '../process/run-tool.ts'

const toolTimeoutMs = 300_000
/** `nobody` of every Unix: who is root already needs no fake one, and would prove nothing. */
const nobody = '65534'

/**
 * Lists the folder it is run in, in guests and on hosts alike: raw mode (in hexadecimal), owner, group and name with
 * link target of everything, and SHA-256 of all files that their owner may read: to fakeroot, which has no more rights
 * than its user, a file of mode 0 is closed. The folder itself is left out, it belongs to whoever made it, and so
 * is what lock files hold: the mark of who used the store last (containers/storage, pkg/lockfile).
 */
export const listingScript = `set -e
find . ! -name . ! -name lost+found ! -path './lost+found/*' -exec stat -c '%f %u %g %N' {} +
find . -type f -perm -0400 ! -name '*.lock' ! -path './lost+found/*' -exec sha256sum {} +
`

/** Reads what the script printed; sorted, and without the quotes in which versions of stat differ. */
export async function listStore(path: string): Promise<string[]> {
  return normalised(await readFile(path, 'utf8').catch(() => ''))
}

const normalised = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replaceAll("'", ''))
    .sort()

/** How each fake root runs a command. `state` is a folder of its own, empty at first. */
const fakeRoots = {
  fakeroot: {
    command: (state: string) => ['fakeroot', '-i', join(state, 'state'), '-s', join(state, 'state'), '--'],
    environment: () => ({}),
    end: undefined,
  },
  pseudo: {
    // Its server ends after a second without clients, and at once when asked to.
    command: () => ['pseudo', '-t', '1'],
    environment: (state: string) => ({ PSEUDO_PREFIX: '/usr', PSEUDO_LOCALSTATEDIR: state }),
    end: ['pseudo', '-S'],
  },
} as const satisfies Record<string, FakeRootKind>

interface FakeRootKind {
  command: (state: string) => readonly string[]
  environment: (state: string) => Record<string, string>
  end: readonly string[] | undefined
}

export type FakeRootName = keyof typeof fakeRoots

export interface UnpackedStore {
  /** As the fake root shows it, in the form of `listStore`. */
  listing: string[]
}

/**
 * Unpacks an archive of the guest as a user without rights who is root under a fake root. Throws GuestFault if tar refuses,
 * EnvironmentFault if that user does not get into the folder.
 */
export async function unpackUnder(name: FakeRootName, archive: string, folder: string): Promise<UnpackedStore> {
  const run = await openFakeRoot(name, folder)
  const unpacked = await run('mkdir store && cd store && tar -xpf - --numeric-owner', await readFile(archive))
  if (unpacked.exitCode !== 0)
    throw new GuestFault(`tar cannot unpack the storage archive under ${name}: ${unpacked.stderr.trim()}`, '')
  const listed = await run(`cd store && ${listingScript}`)
  return { listing: normalised(listed.stdout.toString('utf8')) }
}

/**
 * Makes a state disk of an archive as build hosts do: unpacked without owners and without the first component of each name, then
 * packed by mke2fs. Returns the disk's path. Throws GuestFault if tar refuses.
 */
export async function makeTravelledDisk(name: FakeRootName, archive: string, folder: string): Promise<string> {
  const run = await openFakeRoot(name, folder)
  const unpack = 'mkdir travelled && cd travelled && tar -xf - --no-same-owner --strip-components=1'
  const unpacked = await run(unpack, await readFile(archive))
  if (unpacked.exitCode !== 0)
    throw new GuestFault(`tar cannot unpack the storage archive under ${name}: ${unpacked.stderr.trim()}`, '')
  const made = await run(`PATH=$PATH:/usr/sbin:/sbin mke2fs -q -F -t ext4 -d travelled disk ${stateDiskMiB}M`)
  if (made.exitCode !== 0) throw new EnvironmentFault(`mke2fs cannot make a disk of the store: ${made.stderr.trim()}`)
  return join(folder, name, 'disk')
}

type RunUnder = (script: string, input?: Uint8Array) => Promise<ToolResult>

async function openFakeRoot(name: FakeRootName, folder: string): Promise<RunUnder> {
  const { command, environment, end }: FakeRootKind = fakeRoots[name]
  const home = join(folder, name)
  const state = join(home, 'state')
  await mkdir(state, { recursive: true })
  // fakeroot refuses to load a state that is not there.
  await writeFile(join(state, 'state'), '')
  // The folder is this user's alone; nobody has to get through it to its own.
  await chmod(folder, 0o711)
  const isRoot = process.getuid?.() === 0
  const unprivileged = isRoot ? ['setpriv', '--reuid', nobody, '--regid', nobody, '--clear-groups', '--'] : []
  if (isRoot) await requireTool('chown', ['-R', `${nobody}:${nobody}`, home], { timeoutMs: toolTimeoutMs })
  const run = async (line: readonly string[], input?: Uint8Array) => {
    const [tool = '', ...args] = [...unprivileged, ...line]
    const options = { timeoutMs: toolTimeoutMs, maxOutputBytes: 512 * 1024 * 1024, cwd: home, env: environment(state) }
    return runTool(tool, args, input === undefined ? options : { ...options, input })
  }
  if ((await run(['test', '-w', state])).exitCode !== 0)
    throw new EnvironmentFault(
      `${isRoot ? `User ${nobody}` : 'This user'} cannot write in ${state}: set TMPDIR to a folder that everyone may enter.`,
    )
  return async (script, input) => {
    const result = await run([...command(state), 'sh', '-c', script], input)
    if (end) await run(end)
    return result
  }
}

/** Names of the entries of a tar archive on the host; none where there is no such file or it is no archive. */
export async function listTar(path: string): Promise<string[]> {
  return tarListing(await readFile(path).catch(() => Buffer.alloc(0)))
}

/** The same of an archive in memory. Nothing is unpacked. */
export async function tarListing(archive: Uint8Array): Promise<string[]> {
  const { stdout } = await runTool('tar', ['-tf', '-'], { timeoutMs: toolTimeoutMs, input: archive })
  return stdout
    .toString('utf8')
    .split('\n')
    .filter((name) => name !== '')
}

/** An archive without entries: two blocks of zeros, by which every archive ends (POSIX.1-2024, pax, "ustar Interchange Format"). */
export const emptyTar = Buffer.alloc(1024)

/** What is wrong with an archive on the host when all of it is read; empty for a whole one. */
export async function tarFault(path: string): Promise<string> {
  const { exitCode, stderr } = await runTool('tar', ['-tf', path], { timeoutMs: toolTimeoutMs })
  if (exitCode !== 0) return stderr.trim()
  // GNU tar takes one that was cut between two entries, or inside a header, for whole.
  return (await endOf(path, emptyTar.length)).equals(emptyTar) ? '' : 'It ends without the blocks that end an archive.'
}

async function endOf(path: string, sizeBytes: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const end = Buffer.alloc(sizeBytes)
    await file.read(end, 0, sizeBytes, Math.max(0, size - sizeBytes))
    return end
  } finally {
    await file.close()
  }
}
