import { architectureNames } from '../../model/architecture.ts'
import { optionsText } from '../help.ts'
import type { Option } from '../read-options.ts'

const both = 'Options'
const debian = 'With --builder debian'
const bitbake = 'With --builder bitbake, and all options of verify.mjs'

/** The options of build.mjs itself, for its reader and its help text. */
export const buildOptions = [
  { name: 'builder', value: 'NAME', group: both, text: 'debian or bitbake (default: debian)' },
  {
    name: 'arch',
    value: 'LIST',
    group: both,
    text: `${architectureNames.join(', ')} or all (default: all)`,
    repeatable: true,
  },
  { name: 'force', group: both, text: 'build even what the cache or sstate has' },
  { name: 'help', group: both, text: 'show this text' },
  { name: 'recipe', value: 'NAME', group: debian, text: 'vpdmn, vpdmn-wrynose, vpdmn-2026 or vdkr (default: vpdmn)' },
  { name: 'release', value: 'NAME', group: debian, text: 'Debian release (default: trixie, or the recipe’s own)' },
  { name: 'out', value: 'DIR', group: debian, text: 'write kernel, initramfs and image to DIR/ARCH' },
  { name: 'build-dir', value: 'DIR', group: bitbake, text: 'its build folder (default: BUILDDIR)' },
  { name: 'recipe', value: 'NAME', group: bitbake, text: 'image recipe (default: vpdmn-rootfs-image)' },
  { name: 'multiconfig', value: 'LIST', group: bitbake, text: 'instead of those of the layer', repeatable: true },
  { name: 'target', value: 'LIST', group: bitbake, text: 'to build beside it, for runners', repeatable: true },
] as const satisfies readonly Option[]

export type BuildOption = (typeof buildOptions)[number]['name']

export const buildHelp = (): string => `Usage: npx zx harness/build.mjs [options]

Builds the reference image, and the kernel and initramfs that boot it. With
VCONTAINER_FORCE_BUILD=1 in the environment, as with --force. --builder bitbake
builds the image of a build folder, and verifies it with what lies beside it.

${optionsText(buildOptions)}
Exit codes  0 built, and it conforms · 1 what bitbake built does not conform ·
            2 usage error · 3 the environment failed · 4 bitbake's build failed
`
