/** Names a file without opening it, which neither waits for a pipe nor wakes a device (open(2), "O_PATH"); Node has no name for it. */
export const pathOnly = 0o10000000
