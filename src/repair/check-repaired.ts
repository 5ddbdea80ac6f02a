import { firstNonFinite } from '../internal/weight-values.js'

interface Place {
  /** Name of the weight. */
  readonly name: string
  /** The caller's task, in errors. */
  readonly task: string
  /** The remedy, in errors. @default more damping */
  readonly wanted?: string
}

/** Throws a RangeError where a repaired value is not finite. */
export function checkRepaired(
  values: Float32Array,
  { name, task, wanted = 'a higher damping' }: Place,
): void {
  const wrong = firstNonFinite(values)
  if (wrong < 0) return
  const got = `${values[wrong]} in ${name} at index ${wrong}`
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
}
