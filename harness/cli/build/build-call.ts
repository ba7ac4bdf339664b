import type { ArchitectureName } from '../../model/architecture.ts'
import type { BitbakeOrder } from '../../recipes/bitbake/bitbake-order.ts'
import type { RecipeName } from '../../recipes/reference-image/recipe.ts'
import type { VerifyRun } from '../verify-call.ts'

/** What a command line of build.mjs asks for. */
export type BuildCall =
  | { action: 'help' }
  | { action: 'build'; orders: BuildOrder[] }
  | {
      action: 'bitbake'
      order: BitbakeOrder
      /** How what was built is verified; its images are known when they are built. */
      verify: VerifyRun
    }

/** One architecture to build. */
export interface BuildOrder {
  arch: ArchitectureName
  /** Debian release; left out, that of the boot kit and that of the recipe. */
  release?: string
  recipe: RecipeName
  force: boolean
  /** Absolute path of the blob folder to write, if any. */
  out?: string
}
