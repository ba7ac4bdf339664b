import { join } from 'node:path'
import { buildVariables } from '../../contract/deployed.ts'
import { BuildFault } from '../../model/faults.ts'
import { bitbakeVariables } from './bitbake-variables.ts'
import { namedBefore } from './call-configuration.ts'

/** What bitbake tells of an image before it is built. */
export interface DeployPlace {
  /** Absolute path of the link to the image. */
  imagePath: string
  /** The multiconfigs that the build folder names itself. */
  namedMulticonfigs: readonly string[]
}

const { deployFolder, imageLink } = buildVariables

/** Where an image will be deployed, by what `bitbake -e` prints of its recipe. Throws BuildFault for a recipe that deploys none. */
export function deployPlace(printed: string, recipe: string): DeployPlace {
  const values = bitbakeVariables(printed, [deployFolder, imageLink, namedBefore])
  const { [deployFolder]: folder, [imageLink]: link, [namedBefore]: named = '' } = values
  if (!folder || !link)
    throw new BuildFault(
      `The recipe ${recipe} is not an image recipe: it does not set ${folder ? imageLink : deployFolder}.`,
    )
  return { imagePath: join(folder, `${link}.squashfs`), namedMulticonfigs: named.split(/\s+/).filter(Boolean) }
}
