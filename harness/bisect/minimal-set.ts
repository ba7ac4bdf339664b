/** A set of items with which something happens. */
export interface FoundSet<T> {
  items: T[]
  /** Whether it happens no longer without any one of them; false where there are more than were to be told apart. */
  isMinimal: boolean
}

/** Tells whether what is looked for happens with these items, and no others of those in question. */
export type Happens<T> = (items: readonly T[]) => Promise<boolean>

/**
 * A smallest set of items with which something happens: it happens with the set, and no longer without any one of its items. Asks
 * `happens`, which must be true for all items and false for none, about log2(n) + 1 times for each item of the set, and once more for each
 * where there are several.
 *
 * It is delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002) with the search of
 * QuickXplain (Junker, 2004): the shortest beginning of the list with which it happens ends in an item of the set, which is then kept
 * while the rest of that beginning is searched for the next one. Every step rests on two answers, so it need not hold that it happens with
 * more items wherever it happens with fewer. A set of more than `most` items is given up, and is what it was narrowed down to until then.
 */
export async function minimalSet<T>(
  items: readonly T[],
  happens: Happens<T>,
  most = Number.POSITIVE_INFINITY,
): Promise<FoundSet<T>> {
  const found: T[] = []
  let rest = items
  // It happens with what was found and the rest; with what was found alone, it is asked.
  do {
    if (found.length >= most) return { items: [...found, ...rest], isMinimal: false }
    const end = await shortestBeginning(rest, (beginning) => happens([...found, ...beginning]))
    found.unshift(rest[end - 1] as T)
    rest = rest.slice(0, end - 1)
  } while (rest.length > 0 && !(await happens(found)))
  return { items: await withoutNeedless(found, happens), isMinimal: true }
}

/** Length of a beginning with which it happens, and does not without its last item. */
async function shortestBeginning<T>(items: readonly T[], happens: Happens<T>): Promise<number> {
  let [without, with_] = [0, items.length]
  while (with_ - without > 1) {
    const middle = Math.floor((without + with_) / 2)
    if (await happens(items.slice(0, middle))) with_ = middle
    else without = middle
  }
  return with_
}

/** An item that was found first may be needless beside those found later, where it does not happen with more wherever with fewer. */
async function withoutNeedless<T>(found: readonly T[], happens: Happens<T>): Promise<T[]> {
  if (found.length < 2) return [...found]
  for (const item of found) {
    const others = found.filter((each) => each !== item)
    if (await happens(others)) return withoutNeedless(others, happens)
  }
  return [...found]
}
