/** A word of a shell script. `text` is its value where that needs no expansion, and undefined where it does. */
export interface ShellWord {
  text: string | undefined
  /** As written, quotes included. */
  raw: string
  isQuoted: boolean
}

/** One simple command: its assignments, words and where it stands. */
export interface ShellCommand {
  assignments: { name: string; value: ShellWord }[]
  words: ShellWord[]
  line: number
  /** What its output goes to, in files: `> FILE`, `>> FILE` and the like. */
  writes: ShellWord[]
  /** True for the left side of `||` and for conditions of if, while and until: its failure is provided for. */
  mayFail: boolean
}

/** What a script says, without running it. */
export interface ShellScript {
  commands: ShellCommand[]
  functions: Set<string>
}
