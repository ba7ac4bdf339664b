import { readFileSync } from 'node:fs'
import type { RecipeName } from '../../harness/recipes/reference-image/recipe.ts'

/** An image whose /init keeps the contract in the manner of the field's own images, with their weaknesses. */
export interface FieldEquivalent {
  id: string
  /** The recipe of its era. */
  recipe: RecipeName
  init: string
}

const init = (...parts: readonly string[]): string =>
  ['init', ...parts, 'start'].map((name) => readFileSync(new URL(`field/${name}.sh`, import.meta.url), 'utf8')).join('')

/** One of each era; the init for Xen is the reference image's. */
export const fieldEquivalents: readonly FieldEquivalent[] = [
  { id: 'field-seed', recipe: 'vpdmn', init: init() },
  { id: 'field-wrynose', recipe: 'vpdmn-wrynose', init: init('auth') },
  { id: 'field-master', recipe: 'vpdmn-2026', init: init('auth', 'master') },
]

/** Requirements that the field's images fail, and these with them: warnings all, for weaknesses that the contract names. */
export const fieldWarnings: readonly string[] = [
  'AUT-008', // a registry of the kernel's command line has no effect,
  'AUT-009', // and its password can be read in containers
  'BOOT-025', // a bare exit ends process 1
  'DMN-015', // output runs into the marker
  'DMN-016', // script without --return
  'DMN-023', // and without a size
  'DMN-026', // /run/user/0 lies below a tmpfs
  'SHR-008', // the share is emptied whole
]

/** Not asked: by default options of ext4 a kill may spoil a pull, or may not. */
export const fieldUndecided: readonly string[] = ['STA-009']
