import type { InspectedImage } from '../inspect-image.ts'
import { readDaemonFile } from './daemon-json.ts'
import { daemonOptions } from './daemon-options.ts'

const isOff = (value: unknown): boolean => value === false || value === 'false'

/** Whether dockerd starts a proxy for each published port, as it does unless it is told otherwise (dockerd(8)). */
export function usesProxy(image: InspectedImage): boolean {
  const options = daemonOptions(image.init).filter(({ key }) => key === 'userland-proxy')
  const values = [...options.map(({ value }) => value), readDaemonFile(image)?.table?.['userland-proxy']]
  return !values.some(isOff)
}
