/**
 * The values of variables in what `bitbake -e` prints: `NAME="value"` on a line, quotes in the value escaped, and a line break
 * as a backslash before it. One that is not set is missing.
 */
export function bitbakeVariables<T extends string>(printed: string, names: readonly T[]): Partial<Record<T, string>> {
  const values: Partial<Record<T, string>> = {}
  for (const name of names) {
    const [, value] = new RegExp(`^${name}="((?:[^"\\\\\\n]|\\\\[^])*)"$`, 'm').exec(printed) ?? []
    if (value !== undefined) values[name] = value.replaceAll(/\\\n/g, '').replaceAll('\\"', '"')
  }
  return values
}
