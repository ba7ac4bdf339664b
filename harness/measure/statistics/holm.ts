/** Holm's adjustment: p-values of several tests, such that any false alarm among them is as rare as for one alone. */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_value, index) => index).sort((a, b) => (values[a] as number) - (values[b] as number))
  const adjusted = new Array<number>(values.length)
  let least = 0
  for (const [rank, index] of order.entries()) {
    least = Math.min(1, Math.max(least, (values[index] as number) * (values.length - rank)))
    adjusted[index] = least
  }
  return adjusted
}
