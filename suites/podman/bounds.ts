/**
 * Bounds of whole tests. Under emulation on an idle machine a podman command takes 1 s, a container without a network 3
 * to 4 s, one with a network 7 to 11 s, a pull 5 s; beside other guests several times that.
 */
export const timeoutMs = 240_000
/** For tests of many such steps, and for the first test of a file, which makes what the others share. */
export const longTimeoutMs = 480_000
