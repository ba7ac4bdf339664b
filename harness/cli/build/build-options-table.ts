import { optionsText } from '../help.ts'
import type { Option } from '../read-options.ts'

const group = 'Options'

/** The options of build.mjs, for its reader and its help text. */
export const buildOptions: readonly Option[] = [
  { name: 'arch', value: 'NAME', group, text: 'x86_64, aarch64 or all (default: all)' },
  { name: 'release', value: 'NAME', group, text: 'Debian release (default: trixie, or the recipe’s own)' },
  { name: 'recipe', value: 'NAME', group, text: 'vpdmn, vpdmn-wrynose or vpdmn-2026 (default: vpdmn)' },
  { name: 'out', value: 'DIR', group, text: 'write kernel, initramfs and image to DIR/ARCH' },
  { name: 'builder', value: 'NAME', group, text: 'debian or bitbake (default: debian)' },
  { name: 'build-dir', value: 'DIR', group, text: 'build folder of bitbake' },
  { name: 'suite', value: 'LIST', group, text: 'suites for what bitbake built (as in verify.mjs)' },
  { name: 'force', group, text: 'build even what the cache has' },
  { name: 'help', group, text: 'show this text' },
]

export const buildHelp = (): string => `Usage: npx zx harness/build.mjs [options]

Builds the reference image, and the kernel and initramfs that boot it. What is
built is cached; its paths are printed. VCONTAINER_FORCE_BUILD=1 in the
environment builds the image always, as in the recipe.

With --builder bitbake, runs the multiconfig targets in a build folder instead,
in an environment set up by oe-init-build-env, and verifies what they deployed.

${optionsText(buildOptions)}
Exit codes  0 built · 1 what bitbake built does not conform · 2 wrong call ·
            3 the environment failed
`
