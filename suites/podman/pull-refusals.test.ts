import { expect, inject } from 'vitest'
import { otherArchitecture } from '../../harness/model/architecture.ts'
import { requirement } from '../../harness/run/requirement-test.ts'
import { sharedGuest } from '../../harness/run/shared-in-file.ts'
import { longTimeoutMs } from './bounds.ts'
import { expectRefusal } from './refusal.ts'

/** Refused pulls leave nothing behind (PUL-007 to PUL-010 are followed by FLT's checks of that), so one guest serves all. */
const guest = sharedGuest('fresh')

const otherPlatform = () => otherArchitecture(inject('coordinates').boot.arch).oci

const pulled = async (name: string) => (await guest()).podman(['pull', '-q', name])

requirement('PUL-007', longTimeoutMs, async () => {
  const name = `docker.io/library/alpine@sha256:${'0'.repeat(64)}`
  expectRefusal(await pulled(name), `podman pull ${name}`, /manifest unknown/)
})

requirement('PUL-008', longTimeoutMs, async () => {
  const name = `docker.io/vpdmn/${otherPlatform()}-only`
  expectRefusal(await pulled(name), `podman pull ${name}`, /no image found in (?:image index|manifest list) for arch/)
})

requirement('PUL-009', longTimeoutMs, async () => {
  const other = otherPlatform()
  const id = await (await guest()).mustPodman(['pull', '-q', '--platform', `linux/${other}`, 'docker.io/library/nginx'])
  const found = await (await guest()).mustPodman(['image', 'inspect', '--format', '{{.Os}}/{{.Architecture}}', id])
  expect(found, 'platform of the image in the store').toBe(`linux/${other}`)
})

requirement('PUL-010', longTimeoutMs, async () => {
  for (const name of ['docker.io/library/alpine:missing', 'docker.io/missing/repository'])
    expectRefusal(await pulled(name), `podman pull ${name}`, /manifest unknown|name unknown|not found/i)
})
