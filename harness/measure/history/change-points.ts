import { seededRandom } from '../statistics/seeded-random.ts'

/** Fewer points than this do not tell a change from chance. */
export const minPoints = 30
/** A level must have held for as many points to be one. */
const minSegment = 5
/** How often the points are shuffled, and how rarely a shuffled series may split as clearly as the real one. */
const shuffles = 199
const maxShare = 0.01
/** Longer series are cut to their latest points: the work grows with the square. */
const maxPoints = 400

/**
 * Indexes of the points from which a series is at another level, in order: E-divisive means (Matteson and James, A
 * Nonparametric Approach for Multiple Change Point Analysis, 2014): the split that tells the parts apart most clearly,
 * kept if a permutation test finds it rare, then the same in both parts. The shuffles come from a fixed seed, so that
 * the same series always gives the same answer.
 */
export function changePoints(values: readonly number[]): number[] {
  if (values.length < minPoints) return []
  const start = Math.max(0, values.length - maxPoints)
  const random = seededRandom(1)
  return splits(values.slice(start), random).map((index) => index + start)
}

function splits(values: readonly number[], random: () => number): number[] {
  const best = clearestSplit(values)
  if (best === undefined || !isRare(values, best.clarity, random)) return []
  return [
    ...splits(values.slice(0, best.index), random),
    best.index,
    ...splits(values.slice(best.index), random).map((index) => index + best.index),
  ]
}

interface Split {
  /** First point of the second part. */
  index: number
  /** Energy distance of the parts, weighted by their sizes; 0 where they are alike. */
  clarity: number
}

/** Moves the border point by point and keeps the sums of distances within and between the two parts up to date. */
function clearestSplit(values: readonly number[]): Split | undefined {
  const count = values.length
  let within = 0
  let between = 0
  let after = pairDistances(values)
  let best: Split | undefined
  for (let index = 1; index < count; index++) {
    const moved = values[index - 1] as number
    const toBefore = distanceTo(values, moved, 0, index - 1)
    const toAfter = distanceTo(values, moved, index, count)
    within += toBefore
    after -= toAfter
    between += toAfter - toBefore
    if (index < minSegment || count - index < minSegment) continue
    const clarity = clarityOf(within, between, after, index, count - index)
    if (clarity > 0 && clarity > (best?.clarity ?? 0)) best = { index, clarity }
  }
  return best
}

function clarityOf(within: number, between: number, after: number, first: number, second: number): number {
  const distance =
    (2 * between) / (first * second) - (2 * within) / (first * (first - 1)) - (2 * after) / (second * (second - 1))
  return ((first * second) / (first + second)) * distance
}

function distanceTo(values: readonly number[], from: number, start: number, end: number): number {
  let sum = 0
  for (let index = start; index < end; index++) sum += Math.abs((values[index] as number) - from)
  return sum
}

const pairDistances = (values: readonly number[]): number =>
  values.reduce((sum, value, index) => sum + distanceTo(values, value, index + 1, values.length), 0)

function isRare(values: readonly number[], clarity: number, random: () => number): boolean {
  let asClear = 0
  for (let shuffle = 0; shuffle < shuffles; shuffle++) {
    if ((clearestSplit(shuffled(values, random))?.clarity ?? 0) >= clarity) asClear++
    if ((asClear + 1) / (shuffles + 1) > maxShare) return false
  }
  return true
}

/** Fisher and Yates. */
function shuffled(values: readonly number[], random: () => number): number[] {
  const mixed = [...values]
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[mixed[last], mixed[other]] = [mixed[other] as number, mixed[last] as number]
  }
  return mixed
}
