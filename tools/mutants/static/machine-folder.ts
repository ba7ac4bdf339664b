import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { blobNames, imageLink, spdxBeside } from '../../../harness/contract/deployed.ts'
import { podman } from '../../../harness/contract/engines.ts'

const machine = 'qemux86-64'

/** A folder of bitbake's with an image, its copy for runners, and a bill, each where it is asked for; paths of image and copy. */
export function machineFolder(
  imagePath: string,
  { built, bill }: { built?: string; bill?: string } = {},
): { image: string; copy: string } {
  const folder = join(dirname(imagePath), 'deployed', machine)
  rmSync(folder, { recursive: true, force: true })
  const copies = join(folder, podman.deployFolder, 'x86_64')
  mkdirSync(copies, { recursive: true })
  const [image, copy] = [join(folder, imageLink(podman.recipes.image, machine)), join(copies, blobNames.image)]
  if (built === undefined) symlinkSync(imagePath, image)
  else writeFileSync(image, built)
  symlinkSync(imagePath, copy)
  if (bill !== undefined) writeFileSync(spdxBeside(image), bill)
  return { image, copy }
}
