const meaning = 'SIGILL: it uses an instruction that the processor of this machine does not have'

/** 128 and the number of SIGILL, as a shell counts (signal(7)). */
const illegalInstructionCode = 132
/** How the kernel tells of PID 1's end by this signal (kernel/exit.c: the status of wait(2)). */
const initsEnd = /Attempted to kill init! exitcode=0x0*(?:4|84)\b/

/** An exit code, and what it means where that is not plain. */
export const exitCodeWords = (exitCode: number): string =>
  exitCode === illegalInstructionCode ? `exit code ${exitCode} (${meaning})` : `exit code ${exitCode}`

/** A panic's line, and what it means where that is not plain. */
export const panicWords = (line: string): string =>
  initsEnd.test(line) ? `${line.trim()}; init ended by ${meaning}` : line.trim()
