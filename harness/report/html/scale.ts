/** A number of a drawing, short: a hundredth of a unit is finer than a screen. */
export const drawn = (value: number): number => Math.round(value * 100) / 100

/** Where a value lies on a line of a length that spans from `least` to `most`; its middle where they are one. */
export const position = (value: number, least: number, most: number, length: number): number =>
  drawn(most > least ? ((value - least) / (most - least)) * length : length / 2)
