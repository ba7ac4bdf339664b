import { answerMutants } from '../runtime/answers.ts'
import { commandMutants } from '../runtime/commands.ts'
import { configurationMutants } from '../runtime/configuration.ts'
import { networkMutants } from '../runtime/network.ts'
import { optionMutants } from '../runtime/options.ts'
import { pullMutants } from '../runtime/pulls.ts'
import type { RuntimeMutant } from '../runtime/runtime-mutant.ts'
import { skopeoMutants } from '../runtime/skopeo.ts'
import { storeMutants } from '../runtime/stores.ts'

/** Every mutant of podman and of what it runs. */
export const runtimeMutants: readonly RuntimeMutant[] = [
  ...answerMutants,
  ...optionMutants,
  ...pullMutants,
  ...storeMutants,
  ...skopeoMutants,
  ...commandMutants,
  ...networkMutants,
  ...configurationMutants,
]
