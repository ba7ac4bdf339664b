import { buildVariables } from '../../contract/deployed.ts'
import type { BitbakeOrder } from './bitbake-order.ts'

/** Holds what the build folder itself names in BBMULTICONFIG. */
export const namedBefore = 'VPDMN_CONFORMANCE_NAMED'

/**
 * Configuration for one call, for `bitbake -R`. What is passed in the environment instead never reaches a server that was
 * started without it, and nothing says so. What the build folder names in BBMULTICONFIG stays; what the call needs is added.
 */
export function callConfiguration({ multiconfigs, force }: Pick<BitbakeOrder, 'multiconfigs' | 'force'>): string {
  const named = `(d.getVar('${namedBefore}') or '').split()`
  const lines = [
    '# Written by vpdmn-conformance for one call of bitbake.',
    `${namedBefore} := "\${@d.getVar('${buildVariables.multiconfigs}') or ''}"`,
    `${buildVariables.multiconfigs} := "\${@' '.join(dict.fromkeys(${named} + '${multiconfigs.join(' ')}'.split()))}"`,
    ...(force ? [`${buildVariables.force} = "1"`] : []),
  ]
  return `${lines.join('\n')}\n`
}
