import type { InspectedImage } from './inspect-image.ts'

/** A variable that podman has: init's, or one of `[engine] env`, which sets only what is not set yet (containers.conf(5), env). */
export function engineVariable({ init, configuration }: InspectedImage, name: string): string | undefined {
  const listed = configuration.containers.values.get('engine.env')?.value
  const settings = Array.isArray(listed) ? listed.filter((each) => typeof each === 'string') : []
  const setting = settings.find((each) => each.startsWith(`${name}=`))
  return init.environment.get(name)?.value ?? setting?.slice(name.length + 1)
}
