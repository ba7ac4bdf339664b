import type { InspectedImage } from './inspect-image.ts'

/** The same function, whose result for an image is made when first asked for and kept as long as the image; it is judged by one profile. */
export function oncePerImage<T, Rest extends unknown[]>(
  make: (image: InspectedImage, ...rest: Rest) => T,
): (image: InspectedImage, ...rest: Rest) => T {
  const made = new WeakMap<InspectedImage, { value: T }>()
  return (image, ...rest) => {
    const kept = made.get(image) ?? { value: make(image, ...rest) }
    made.set(image, kept)
    return kept.value
  }
}
