import { readSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stateDiskMiB } from '../../contract/runner.ts'
import { EnvironmentFault, GuestFault } from '../../model/faults.ts'
import { enclosed } from '../../platform/process/enclosure.ts'
import { requireTool, runTool, type ToolOptions, type ToolResult } from '../../platform/process/run-tool.ts'
import { type LeftFile, openLeftFile } from './left-file.ts'
import { listingLines, listingScript, maxListingBytes } from './store-listing.ts'

const toolTimeoutMs = 300_000
/** `nobody` of every Unix: who is root already needs no fake one, and would prove nothing. */
const nobody = '65534'
/** Of the archive, and of each file in it, whose holes would take no room there; the workloads' stores take 20 MB at most. */
const maxArchiveBytes = 512 * 1024 * 1024
const maxNamesBytes = 4 * 1024 * 1024

const longestComplaint = 2000
/** Ends whoever writes a longer file (prlimit(1) of util-linux; setrlimit(2), "RLIMIT_FSIZE"). */
const boundFiles = (maxFileBytes: number): string[] => ['prlimit', `--fsize=${maxFileBytes}`, '--']

/** The server of pseudo ends in some hundredths of a second. */
const serverEndS = 20

/**
 * How each fake root runs the script that is `$1`. STATE is a folder of its own, empty at first, and what it has to save is saved
 * when the command ends, since none of its processes outlives that.
 */
const fakeRoots = {
  // fakeroot waits for its server when it ends.
  fakeroot: { command: 'fakeroot -i "$STATE/state" -s "$STATE/state" -- sh -c "$1"', environment: {} },
  pseudo: {
    // Asked to end, its server still writes what it knows of owners; the name space would end it before.
    command: `pseudo -t 1 sh -c "$1"; code=$?; server=$(cat "$STATE/pseudo.pid"); pseudo -S
      for tick in $(seq ${serverEndS * 20}); do kill -0 "$server" 2>/dev/null || exit $code; sleep 0.05; done
      echo "The server of pseudo did not end in ${serverEndS} s." >&2; exit 1`,
    environment: { PSEUDO_PREFIX: '/usr' },
  },
} as const satisfies Record<string, { command: string; environment: Record<string, string> }>

export type FakeRootName = keyof typeof fakeRoots

export interface UnpackedStore {
  /** As the fake root shows it, in the form of `listStore`. */
  listing: string[]
}

/**
 * Unpacks an archive of the guest as a user without rights who is root under a fake root. Throws GuestFault if tar refuses or what
 * is in it passes a bound, EnvironmentFault if that user does not get into the folder.
 */
export async function unpackUnder(name: FakeRootName, archive: LeftFile, folder: string): Promise<UnpackedStore> {
  const run = await openFakeRoot(name, folder)
  await withLeftFile(archive, async (inputFile) => {
    const unpacked = await run('mkdir store && cd store && tar -xpf - --numeric-owner', { inputFile })
    requireSuccess(unpacked, `tar cannot unpack the storage archive under ${name}`)
  })
  const listed = await run(`cd store && ${listingScript}`, { maxOutputBytes: maxListingBytes })
  requireSuccess(listed, `The unpacked storage archive cannot be listed under ${name}`)
  return { listing: listingLines(listed.stdout) }
}

/**
 * Makes a state disk of an archive as build hosts do: unpacked without owners and without the first component of each name, then
 * packed by mke2fs. Returns the disk's path. Throws GuestFault if tar refuses or what is in it passes a bound.
 */
export async function makeTravelledDisk(name: FakeRootName, archive: LeftFile, folder: string): Promise<string> {
  const run = await openFakeRoot(name, folder)
  await withLeftFile(archive, async (inputFile) => {
    const unpack = 'mkdir travelled && cd travelled && tar -xf - --no-same-owner --strip-components=1'
    requireSuccess(await run(unpack, { inputFile }), `tar cannot unpack the storage archive under ${name}`)
  })
  // The disk is longer than any file in it may be; what it does not hold takes no room.
  const make = `PATH=$PATH:/usr/sbin:/sbin mke2fs -q -F -t ext4 -d travelled disk ${stateDiskMiB}M`
  const made = await run(make, { maxFileBytes: stateDiskMiB * 1024 ** 2 })
  if (made.exitCode !== 0)
    throw new EnvironmentFault('E_TOOL', `mke2fs cannot make a disk of the store: ${made.stderr.trim()}`)
  return join(folder, name, 'disk')
}

/** Opens the archive for a tool that reads it as it stands, so that its size costs no memory. */
async function withLeftFile<T>(
  archive: LeftFile,
  use: (descriptor: number, sizeBytes: number) => Promise<T>,
): Promise<T> {
  const file = await openLeftFile(archive, maxArchiveBytes)
  if (!file) throw new GuestFault(`The guest left no "${archive.name}" on the share.`)
  try {
    return await use(file.fd, (await file.stat()).size)
  } finally {
    await file.close()
  }
}

function requireSuccess({ exitCode, timedOut, tooMuchOutput, stderr }: ToolResult, complaint: string): void {
  if (exitCode === 0) return
  const reason = timedOut
    ? `it takes longer than ${toolTimeoutMs / 1000} s`
    : tooMuchOutput
      ? 'more was printed than is read'
      : stderr.trim().slice(-longestComplaint) || 'it was killed, as for a file that is too long'
  throw new GuestFault(`${complaint}: ${reason}`)
}

type RunOptions = Omit<ToolOptions, 'timeoutMs'> & { maxFileBytes?: number }
type RunUnder = (script: string, options?: RunOptions) => Promise<ToolResult>

async function openFakeRoot(name: FakeRootName, folder: string): Promise<RunUnder> {
  const { command, environment } = fakeRoots[name]
  const home = join(folder, name)
  const state = join(home, 'state')
  await mkdir(state, { recursive: true })
  // fakeroot refuses to load a state that is not there.
  await writeFile(join(state, 'state'), '')
  // The folder is this user's alone; nobody has to get through it to its own.
  await chmod(folder, 0o711)
  const isRoot = process.getuid?.() === 0
  if (isRoot) await requireTool('chown', ['-R', `${nobody}:${nobody}`, home], { timeoutMs: toolTimeoutMs })
  const run = async (line: readonly string[], { maxFileBytes = maxArchiveBytes, ...options }: RunOptions = {}) => {
    const [tool = '', ...args] = await enclosed([...boundFiles(maxFileBytes), ...line], isRoot ? nobody : undefined)
    const env = { ...environment, STATE: state, PSEUDO_LOCALSTATEDIR: state }
    return runTool(tool, args, { timeoutMs: toolTimeoutMs, cwd: home, env, ...options })
  }
  if ((await run(['test', '-w', state])).exitCode !== 0)
    throw new EnvironmentFault(
      'E_TOOL',
      `${isRoot ? `User ${nobody}` : 'This user'} cannot write in ${state}: set TMPDIR to a folder that everyone may enter.`,
    )
  return (script, options) => run(['sh', '-c', command, 'sh', script], options)
}

/** Names of the entries of a tar archive that a guest left; none where it is not there or no archive. Nothing is unpacked. */
export async function listTar(archive: LeftFile): Promise<string[]> {
  const file = await openLeftFile(archive, maxArchiveBytes)
  try {
    return file ? await entryNames({ inputFile: file.fd }) : []
  } finally {
    await file?.close()
  }
}

/** The same of an archive in memory. */
export const tarListing = (archive: Uint8Array): Promise<string[]> => entryNames({ input: archive })

async function entryNames(source: Pick<ToolOptions, 'input' | 'inputFile'>): Promise<string[]> {
  const [tool = '', ...args] = await enclosed(['tar', '-tf', '-'])
  const options = { timeoutMs: toolTimeoutMs, maxOutputBytes: maxNamesBytes, ...source }
  const { stdout, timedOut, tooMuchOutput } = await runTool(tool, args, options)
  if (timedOut || tooMuchOutput)
    throw new GuestFault(
      `The names in a tar archive of the guest take more than ${maxNamesBytes} bytes, or ${toolTimeoutMs / 1000} s.`,
    )
  const names = stdout.toString('utf8').split('\n')
  return names.filter((name) => name !== '')
}

/** An archive without entries: two blocks of zeros, by which every archive ends (POSIX.1-2024, pax, "ustar Interchange Format"). */
export const emptyTar = Buffer.alloc(1024)

/** What is wrong with an archive that a guest left when all of it is read; empty for a whole one. */
export async function tarFault(archive: LeftFile): Promise<string> {
  return withLeftFile(archive, async (inputFile, sizeBytes) => {
    const [tool = '', ...args] = await enclosed(['tar', '-tf', '-'])
    const options = { timeoutMs: toolTimeoutMs, maxOutputBytes: maxNamesBytes, inputFile }
    const { exitCode, stderr } = await runTool(tool, args, options)
    if (exitCode !== 0) return stderr.trim()
    // GNU tar takes one that was cut between two entries, or inside a header, for whole.
    const end = Buffer.alloc(emptyTar.length)
    readSync(inputFile, end, 0, end.length, Math.max(0, sizeBytes - end.length))
    return end.equals(emptyTar) ? '' : 'It ends without the blocks that end an archive.'
  })
}
