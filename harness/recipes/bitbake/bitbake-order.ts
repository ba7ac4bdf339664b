/** What bitbake is to build, and where. */
export interface BitbakeOrder {
  /** A build folder as oe-init-build-env makes it: it holds conf/local.conf. */
  buildDir: string
  /** The image that is looked for when all is built. */
  recipe: string
  multiconfigs: readonly string[]
  /** What is built beside the image, in each multiconfig. */
  targets: readonly string[]
  /** Rebuild the image even where its inputs have not changed. */
  force: boolean
  /** Only bitbake's complaints are shown. */
  quiet: boolean
}

/** The order as bitbake's command line spells it. */
export const bitbakeTargets = ({ multiconfigs, recipe, targets }: BitbakeOrder): string[] =>
  multiconfigs.flatMap((multiconfig) => [recipe, ...targets].map((target) => `mc:${multiconfig}:${target}`))
