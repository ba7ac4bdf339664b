import { EnvironmentFault, GuestFault } from '../../model/faults.ts'

/** The end of what xl said; more is not read. */
const shownCharacters = 1500

/** What xl says of a kernel that it cannot make a domain of (Xen, tools/libs/guest/xg_dom_core.c and xg_dom_elfloader.c). */
const unfitKernel = /no loader found|not a Xen-ELF|no Xen notes|Invalid kernel/i

/** Why a domain was not created: a kernel that Xen cannot start is the image's failure, all else the host's. */
export function creationFault(words: string): EnvironmentFault | GuestFault {
  const shown = words.trim().slice(-shownCharacters)
  if (unfitKernel.test(words))
    return new GuestFault(
      'Xen cannot start this kernel as a domain: build it with CONFIG_XEN_PV, or CONFIG_XEN_PVH for a domain of the type pvh.',
      shown,
    )
  return new EnvironmentFault('E_XEN_HOST', `xl could not create the domain: ${shown}`)
}
