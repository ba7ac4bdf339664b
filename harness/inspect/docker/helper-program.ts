import type { InspectedImage } from '../inspect-image.ts'
import { findProgram } from '../lookup.ts'

/** Folders in which dockerd looks for its own programs before the search path (moby, daemon/config/config_linux.go, lookupBinPath). */
const folders = [
  ...['/usr/local/libexec/docker', '/usr/libexec/docker', '/usr/local/lib/docker', '/usr/lib/docker'],
  ...['/usr/local/libexec', '/usr/libexec'],
]

/** Where dockerd finds a program of its own such as docker-init. */
export const helperOfDaemon = ({ files, init }: InspectedImage, name: string): string | undefined =>
  findProgram(files, name, [...folders, ...init.searchPath])
