import { describe } from '../internal/describe.js'
import { optionError } from '../internal/option-error.js'

/** A value of a knob. */
export type KnobValue = number | string | boolean

/** The values to try of each knob, e.g. `{ learningRate: [0.003, 0.01], epochs: [12, 24] }`. */
export type Knobs = Readonly<Record<string, readonly KnobValue[]>>

/** One value of each knob; of scenarios with other knobs, those are undefined. */
export type PointOf<K> = {
  readonly [N in keyof K]: K[N] extends readonly (infer V)[] ? V : undefined
}

/** Throws unless each scenario has knobs, and each knob values, all of them different. */
export function checkScenarios(scenarios: unknown, { task }: { readonly task: string }): void {
  const refuse = (wanted: string, got: string) =>
    optionError(new RangeError(`Cannot ${task}: expected ${wanted}, got ${got}`))
  const entries = entriesOf(scenarios, { task, name: 'scenarios' })
  if (entries.length === 0) throw refuse('at least one scenario', 'none')
  for (const [scenario, knobs] of entries) {
    const own = entriesOf(knobs, { task, name: `the knobs of ${scenario}` })
    if (own.length === 0) throw refuse(`at least one knob of ${scenario}`, 'none')
    for (const [knob, values] of own) {
      const name = `${knob} of ${scenario}`
      if (!Array.isArray(values) || values.length === 0)
        throw refuse(
          `a list of values of ${name}`,
          Array.isArray(values) ? 'an empty one' : describe(values),
        )
      const wrong = values.find((value) => !isKnobValue(value))
      if (wrong !== undefined || values.includes(undefined))
        throw refuse(`finite numbers, texts or flags as values of ${name}`, describe(wrong))
      if (new Set(values).size < values.length)
        throw refuse(`each value of ${name} once`, `[${values.join(', ')}]`)
    }
  }
}

function entriesOf(
  value: unknown,
  { task, name }: { readonly task: string; readonly name: string },
): [string, unknown][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value)
  throw optionError(
    new TypeError(`Cannot ${task}: expected an object as ${name}, got ${describe(value)}`),
  )
}

function isKnobValue(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value === 'string' || typeof value === 'boolean'
}

/** All combinations of the values, the last knob changing first. */
export function pointsOf<K extends Knobs>(knobs: K): PointOf<K>[] {
  const points = Object.entries(knobs).reduce<Record<string, KnobValue>[]>(
    (so, [knob, values]) =>
      so.flatMap((point) => values.map((value) => ({ ...point, [knob]: value }))),
    [{}],
  )
  return points as PointOf<K>[]
}
