// Compiles the package into dist/ (npm runs it on prepack): Node strips no types below node_modules. Types are stripped in place,
// so that lines and columns stay those of the sources.
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('../..', import.meta.url))
const target = join(project, 'dist')

/** Tests of the suites are what runs in guests; all others test the harness. */
const isShipped = (/** @type {string} */ path) =>
  !/(^|\/)sample-/.test(path) && (!path.includes('.test.') || /^suites\/(boot|podman)\//.test(path))

const renamed = (/** @type {string} */ text) => text.replaceAll(/(['"])(\.{1,2}\/[^'"\n]+)\.ts\1/g, '$1$2.js$1')

rmSync(target, { recursive: true, force: true })
for (const entry of globSync('{harness,suites}/**/*', { cwd: project, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name).slice(project.length)
  if (!entry.isFile() || !isShipped(path)) continue
  const to = join(target, path.replace(/\.ts$/, '.js'))
  mkdirSync(dirname(to), { recursive: true })
  if (/\.(ts|mjs)$/.test(path)) {
    const source = readFileSync(join(project, path), 'utf8')
    writeFileSync(to, renamed(path.endsWith('.ts') ? stripTypeScriptTypes(source) : source))
  } else cpSync(join(project, path), to)
}
cpSync(join(project, 'package.json'), join(target, 'package.json'))
