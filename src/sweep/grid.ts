import { checkFunction } from '../internal/check-function.js'
import { checkOptions } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { optionError } from '../internal/option-error.js'
import { quietPromise } from '../internal/quiet-promise.js'
import type { JsonValue, SweepJob } from './job.js'
import { jobsOf } from './jobs-of.js'
import { isPlain, jsonProblem } from './json-problem.js'

/** The values of each knob of a grid, such as `{ set: ['a', 'b'], seed: [1, 2, 3] }`. */
export type GridKnobs = Readonly<Record<string, readonly JsonValue[]>>

/** One value of each knob of a grid. */
export type GridPoint<K extends GridKnobs> = { readonly [N in keyof K]: K[N][number] }

/** Options of {@link grid}. */
export interface GridOptions<P> {
  /** Whether a point becomes a job. @default all do */
  readonly where?: (point: P) => boolean
}

const task = 'make a grid'

/**
 * Makes a job of each combination of the values of knobs, the last knob changing first.
 *
 * The key of a job names its point, e.g. `seed=1,set=a`: it does not depend on the order of knobs
 * or values, so that a grid can grow, and what is done stays done. Long keys end with a hash.
 *
 * @param knobs The values of each knob: JSON, each value once.
 * @param options Which points are left out.
 * @returns The jobs; none where `where` accepts no point.
 * @throws {TypeError} If a knob has no list of values, or a value is not of JSON, such as NaN.
 * @throws {RangeError} If there are no knobs, or a list is empty or holds a value twice.
 *
 * @example
 * ```ts
 * import { grid } from 'tfjs-prune/sweep'
 *
 * const jobs = grid(
 *   { set: ['moles', 'cracks'], system: ['plain', 'recipe'], seed: [1, 2, 3] },
 *   { where: ({ set, system }) => set === 'moles' || system === 'recipe' },
 * )
 * if (jobs.length !== 9) throw new Error('6 of moles and 3 of cracks')
 * if (jobs[0]!.key !== 'seed=1,set=moles,system=plain') throw new Error('keys can be read')
 * ```
 */
export function grid<K extends GridKnobs>(
  knobs: K,
  options: GridOptions<GridPoint<K>> = {},
): readonly SweepJob<GridPoint<K>>[] {
  checkOptions(options, { task, checks: { where: checkFunction } })
  checkKnobs(knobs)
  const points = Object.entries(knobs).reduce<readonly Readonly<Record<string, JsonValue>>[]>(
    (before, [knob, values]) =>
      before.flatMap((point) => values.map((value) => ({ ...point, [knob]: value }))),
    [{}],
  ) as readonly GridPoint<K>[]
  const { where } = options
  return jobsOf(where ? points.filter((point) => isKept(where(point))) : points)
}

/** The answer of `where`. Throws for a promise, which would keep each point. */
function isKept(answer: boolean): boolean {
  if (!quietPromise(answer)) return answer
  const wanted = 'where to be a function that returns at once'
  throw optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got a promise`))
}

function checkKnobs(knobs: unknown): void {
  const refuse = (wanted: string, got: string) =>
    optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`))
  if (!isPlain(knobs)) throw refuse('lists of values by the names of knobs', describe(knobs))
  const entries = Object.entries(knobs)
  if (entries.length === 0)
    throw optionError(new RangeError(`Cannot ${task}: expected at least one knob, got none`))
  for (const [knob, values] of entries) {
    if (!Array.isArray(values)) throw refuse(`a list of values of ${knob}`, describe(values))
    if (values.length === 0) {
      const wanted = `at least one value of ${knob}`
      throw optionError(new RangeError(`Cannot ${task}: expected ${wanted}, got an empty list`))
    }
    const problem = jsonProblem(values, knob)
    if (problem !== undefined) throw refuse('values of JSON', problem)
  }
}
