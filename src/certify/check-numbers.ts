import { describe } from '../internal/describe.js'

interface Rule {
  readonly task: string
  /** The allowed values in words, such as `finite thresholds`. */
  readonly wanted: string
  readonly accepts: (value: number) => boolean
  /** A guess at the mistake, behind the number that is not accepted. */
  readonly hint?: string
}

/** Throws where one of the values is no number, or not accepted. Holes count as undefined. */
export function checkNumbers(
  values: ArrayLike<unknown>,
  { task, wanted, accepts, hint = '' }: Rule,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    const cannot = `Cannot ${task}: expected ${wanted}, got`
    if (typeof value !== 'number') throw new TypeError(`${cannot} ${describe(value)} at ${i}`)
    if (!accepts(value)) throw new RangeError(`${cannot} ${value}${hint}`)
  }
}

/** Throws unless each value is a list, of any kind. */
export function checkLists(values: Readonly<Record<string, unknown>>, task: string): void {
  for (const [name, value] of Object.entries(values)) {
    const { length } = (value ?? {}) as Partial<ArrayLike<unknown>>
    if (typeof value === 'object' && typeof length === 'number') continue
    throw new TypeError(`Cannot ${task}: expected a list of ${name}, got ${describe(value)}`)
  }
}

/** Throws unless `severity` holds each class from 0 on once, at least two. */
export function checkSeverity(severity: ArrayLike<number>, task: string): void {
  const order = Array.from(severity)
  const wanted = 'severity to hold each class from 0 on once'
  checkNumbers(order, { task, wanted, accepts: () => true })
  const isOrder = new Set(order).size === order.length && order.every((k) => k in order)
  if (isOrder && order.length >= 2) return
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${order.join(', ') || 'none'}`)
}
