/** What one try of a gate showed. */
export type Outcome = 'failed' | 'reported' | 'nothing'

/** Tries of one kind: the same thing measured again, or a slowdown of a known size. */
export interface GateTrials {
  gate: string
  /** What was slowed down, or that nothing was. */
  injected: string
  /** Of what was slowed down: the boot, the pull or the layer; 0 for the same thing again. */
  percent: number
  outcomes: Outcome[]
}

/** Columns of the table with their widths. */
const columns = [
  ['gate', 30],
  ['injected', 30],
  ['size', 8],
  ['trials', 7],
  ['detected', 9],
  ['reported', 9],
  ['missed', 7],
  ['false', 5],
] as const

/** The table of the gate's self-test, one line for each kind of try. `reported` are seen but do not fail a run. */
export function gateTable(trials: readonly GateTrials[]): string {
  const head = columns.map(([title, width]) => title.padEnd(width)).join(' ')
  return `${[head, ...trials.map(row)].map((line) => line.trimEnd()).join('\n')}\n`
}

function row({ gate, injected, percent, outcomes }: GateTrials): string {
  const count = (outcome: Outcome) => outcomes.filter((each) => each === outcome).length
  const isSlower = percent > 0
  const cells = [
    gate,
    injected,
    isSlower ? `+${percent} %` : 'A/A',
    outcomes.length,
    isSlower ? count('failed') : '-',
    count('reported'),
    isSlower ? count('nothing') : '-',
    isSlower ? '-' : count('failed'),
  ]
  return cells.map((cell, index) => String(cell).padEnd(columns[index]?.[1] ?? 0)).join(' ')
}
