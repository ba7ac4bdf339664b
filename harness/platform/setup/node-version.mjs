// Plain JavaScript for Node 18: it must run where nothing is installed yet, and tell an old Node what is missing.

/** First Node that runs TypeScript as it is, in its long-term line (Node 22.18 release notes: type stripping by default). */
const least = [22, 18]

/** @param {string} version such as `22.18.0` */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [minMajor, minMinor] = /** @type {[number, number]} */ (least)
  return major > minMajor || (major === minMajor && minor >= minMinor)
}

/** Ends the process with exit code 3 and a remedy if this Node cannot run the harness. Entries call it before they import TypeScript. */
export function requireNode() {
  if (isNewEnough(process.versions.node)) return
  const needed = `The harness needs Node ${least.join('.')} or newer, and this is Node ${process.versions.node}.`
  const remedy =
    'Start it by "npm run verify" or "npx zx harness/verify.mjs": after "npm run setup" those bring their own Node.'
  process.stderr.write(`${needed}\n${remedy}\n`)
  process.exit(3)
}
