/** The record of each package in a text database, by name; several where it is there for several architectures. */
function recordsOf(text: string): Map<string, string[]> {
  const records = new Map<string, string[]>()
  for (const stanza of text.split(/\n(?:[ \t]*\n)+/)) {
    const [, name] = /^(?:Package|P):[ \t]*(\S+)/m.exec(stanza) ?? []
    if (name !== undefined) records.set(name, [...(records.get(name) ?? []), stanza.trimEnd()])
  }
  return records
}

/** Packages whose records differ between two databases. */
export function recordsApart(before: string, after: string): string[] {
  const [old, fresh] = [recordsOf(before), recordsOf(after)]
  const names = [...new Set([...old.keys(), ...fresh.keys()])]
  return names.filter((name) => old.get(name)?.join('\n') !== fresh.get(name)?.join('\n'))
}

/** The one database with the records of some packages as the other one has them, which may be none. */
export function recordsWith(before: string, after: string, chosen: ReadonlySet<string>): string {
  const [old, fresh] = [recordsOf(before), recordsOf(after)]
  const names = new Set([...old.keys(), ...[...fresh.keys()].filter((name) => chosen.has(name))])
  const stanzas = [...names].flatMap((name) => (chosen.has(name) ? fresh : old).get(name) ?? [])
  return stanzas.map((stanza) => `${stanza}\n`).join('\n')
}
