/** A row of a table by a word that is foreign: words such as `constructor` are of no table, though every object answers to them. */
export const own = <T>(table: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined
