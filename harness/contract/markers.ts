const marker = (name: string): string => `===${name}===`

/** Names of the markers between which an image answers and by which a runner speaks to its command loop. */
export const markerNames = {
  outputStart: 'OUTPUT_START',
  outputEnd: 'OUTPUT_END',
  exitCode: 'EXIT_CODE',
  tarStart: 'TAR_START',
  tarEnd: 'TAR_END',
  storageStart: 'STORAGE_START',
  storageEnd: 'STORAGE_END',
  storageShared: '9P_STORAGE_DONE',
  error: 'ERROR',
  end: 'END',
  ping: 'PING',
  pong: 'PONG',
  shutdown: 'SHUTDOWN',
  shuttingDown: 'SHUTTING_DOWN',
  interactive: 'INTERACTIVE',
  interactiveReady: 'INTERACTIVE_READY',
  interactiveEnd: 'INTERACTIVE_END',
  useInput: 'USE_INPUT',
} as const

export type MarkerKey = keyof typeof markerNames

/** The markers as they stand on a line of their own; those of an exit code bear a number besides. */
export const markers = Object.fromEntries(
  Object.entries(markerNames).map(([key, name]) => [key, marker(name)]),
) as Readonly<Record<MarkerKey, string>>

/** By which a runner asks the init for Xen how its container fares, and what it answers of one that runs. */
export const containerMarkers = { status: marker('STATUS'), running: marker('RUNNING') } as const

/** What that init answers of a container that has ended: `===EXITED=N===`, with the letter N for texts. */
export const exitedMarker = (code: number | 'N'): string => marker(`EXITED=${code}`)

/** `===EXIT_CODE=N===`, with the letter N for texts. */
export const exitCodeMarker = (code: number | 'N'): string => marker(`${markerNames.exitCode}=${code}`)
/** `===INTERACTIVE_END=N===`, with the letter N for texts. */
export const interactiveEndMarker = (code: number | 'N'): string => marker(`${markerNames.interactiveEnd}=${code}`)

/** A whole line by which that init says that a container has ended. */
export const exitedLine = new RegExp(`^${exitedMarker('N').replace('N===', '\\d+===')}$`)
/** A whole line with an exit code, the code in the first group. */
export const exitCodeLine = new RegExp(`^${exitCodeMarker('N').replace('N===', '(\\d+)===')}$`)
/**
 * The end of an interactive command, its code in the first group. It ends its line but need not start it: a terminal echoes `^C` without
 * a line end, and so do commands that end without one.
 */
export const interactiveEnd = new RegExp(`${interactiveEndMarker('N').replace('N===', '(\\d+)===')}\\r*(?:\\n|$)`)
/** A marker of any kind on a line of its own. */
export const anyMarkerLine = /^===\w+(?:=\d+)?===$/
/** What the initramfs says when it cannot go on: a line that starts so. */
export const initramfsError = 'ERROR:'
/** What stands for the input's path in a command. */
export const inputPlaceholder = '{INPUT}'
