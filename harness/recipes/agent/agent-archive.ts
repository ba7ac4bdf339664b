import { readdir, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type CpioEntry, writeCpio } from '../cpio-archive.ts'
import type { AgentFile } from './agent-files.ts'

const scriptFolder = new URL('./scripts/', import.meta.url)

/** The scripts that start the agent. */
export const agentScripts = async (): Promise<URL[]> =>
  (await readdir(scriptFolder)).sort().map((name) => new URL(name, scriptFolder))

/** Kernel parameters that let the archive's `enter` run before the initramfs' own init. */
export const agentParameters: readonly string[] = ['rdinit=/.harness/enter']

export interface AgentContents {
  /** Static busybox of the guest's architecture. */
  busybox: Buffer
  agent: readonly AgentFile[]
}

/**
 * Packs an archive that brings the guest agent into any initramfs, to be put before it. It is not compressed: that is what a
 * kernel unpacks whatever it was built with, and it ends at a multiple of four bytes, so that an archive of any kind may follow
 * (Linux, Documentation/driver-api/early-userspace/buffer-format.rst).
 */
export async function packAgentArchive({ busybox, agent }: AgentContents): Promise<Buffer> {
  const scripts = (await agentScripts()).map(async (url) => program(basename(url.pathname), await readFile(url)))
  return writeCpio([
    folder('.harness'),
    folder('.harness/agent'),
    program('busybox', busybox),
    ...(await Promise.all(scripts)),
    ...agent.map(({ name, contents }) => program(`agent/${name}`, contents)),
  ])
}

const folder = (path: string): CpioEntry => ({ path, kind: 'directory', mode: 0o700 })

const program = (name: string, contents: Buffer): CpioEntry => ({
  path: `.harness/${name}`,
  kind: 'file',
  mode: 0o755,
  contents,
})
