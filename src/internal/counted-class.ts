/**
 * The class in the name of a weight whose layer has no name of its own: tfjs counts such layers,
 * `dense_Dense1` and then `dense_Dense2`, so that a second model has other names. Undefined for all
 * other names.
 */
export function countedClass(weight: string): string | undefined {
  return /_([A-Z]\w*?)\d+\/\w+$/.exec(weight)?.[1]
}
