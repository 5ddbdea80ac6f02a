import { describe } from '../internal/describe.js'
import { optionError } from '../internal/option-error.js'
import type { SweepJob, SweepPoint } from './job.js'
import { jobKey } from './job-key.js'
import { isPlain, jsonProblem } from './json-problem.js'

/**
 * Makes a job of each point of a list, for points that are no grid: those of a table, or drawn at
 * random. {@link grid} makes the points of a grid.
 *
 * @param points Values of knobs by their names: JSON. They may have different knobs.
 * @returns A job a point, in their order. A job keeps a copy of its point.
 * @throws {TypeError} If there is no list, or a point is no object of JSON values.
 * @throws {RangeError} If a point has no knobs, or two points are the same.
 *
 * @example
 * ```ts
 * import { jobsOf } from 'tfjs-prune/sweep'
 *
 * const jobs = jobsOf([{ rate: 0.01, epochs: 12 }, { rate: 0.003, epochs: 24 }])
 * if (jobs[0]!.key !== 'epochs=12,rate=0.01') throw new Error('keys name the knobs in order')
 * ```
 */
export function jobsOf<P extends SweepPoint>(points: readonly P[]): readonly SweepJob<P>[] {
  const refuse = (wanted: string, got: string) =>
    optionError(new TypeError(`Cannot make jobs: expected ${wanted}, got ${got}`))
  if (!Array.isArray(points)) throw refuse('a list of points', describe(points))
  const keys = new Set<string>()
  return points.map((point: P, index) => {
    if (!isPlain(point)) throw refuse(`an object as point ${index}`, describe(point))
    const problem = jsonProblem(point, `point ${index}`)
    if (problem !== undefined) throw refuse('values of JSON', problem)
    const copy = JSON.parse(JSON.stringify(point)) as P
    const key = jobKey(copy)
    if (key === '') throw noKnobs(index)
    if (keys.has(key)) throw twice(key)
    keys.add(key)
    return { key, point: copy }
  })
}

const noKnobs = (index: number) =>
  optionError(
    new RangeError(`Cannot make jobs: expected a knob in each point, got none in point ${index}`),
  )

const twice = (key: string) =>
  optionError(new RangeError(`Cannot make jobs: expected each point once, got ${key} twice`))
