import type { GuestTemplate } from '../../machine/template.ts'
import { Lifetime } from '../../platform/process/lifetime.ts'
import { type ForkedGuest, forkGuest } from './forked-guest.ts'
import {
  ensureFreshTemplate,
  freshTemplate,
  type PodmanTemplateRequest,
  pulledTemplate,
  requireContinuation,
  resumed,
  type TemplateRequest,
} from './podman-template.ts'

/**
 * A fork of the fresh template, which is made where the cache has none: for one guest alone, which shows by itself whether
 * the template goes on. Throws GuestFault when the image does not come to be one.
 */
export const forkFresh = (request: TemplateRequest, lifetime: Lifetime): Promise<ForkedGuest> =>
  resumed(
    (use) => freshTemplate(request, use),
    (template) => forkGenuine(template, request, lifetime),
  )

/** The same of the pulled template. */
export const forkPulled = (request: PodmanTemplateRequest, lifetime: Lifetime): Promise<ForkedGuest> =>
  resumed(
    (use) => pulledTemplate(() => ensureFreshTemplate(request), request, use),
    (template) => forkGenuine(template, request, lifetime),
  )

async function forkGenuine(
  template: GuestTemplate,
  { registry, runFolder }: TemplateRequest,
  lifetime: Lifetime,
): Promise<ForkedGuest> {
  const own = new Lifetime()
  const end = lifetime.defer(() => own.end())
  try {
    const guest = await forkGuest({ template, tlsPort: registry.tlsPort, runFolder }, own)
    await requireContinuation(template, guest.agent)
    return guest
  } catch (error) {
    await end()
    throw error
  }
}
