import { describe } from '../internal/describe.js'
import type { SweepFigures, SweepPoint } from './job.js'
import { isPlain, jsonProblem } from './json-problem.js'

/**
 * The rows that a job has returned: a list of figures. Throws, with the name of the figure, for one
 * that JSON does not give back as it is, such as NaN, and for one that is named as a knob.
 */
export function checkRows(returned: unknown, point: SweepPoint): readonly SweepFigures[] {
  const rows: readonly unknown[] = Array.isArray(returned) ? returned : [returned]
  const refuse = (wanted: string, got: string) =>
    new TypeError(`Cannot keep the figures: expected ${wanted}, got ${got}`)
  for (const row of rows) {
    if (!isPlain(row)) throw refuse('an object of figures, or a list of them', describe(row))
    for (const [name, value] of Object.entries(row)) {
      const problem = jsonProblem(value, name)
      if (problem !== undefined)
        throw refuse('values of JSON (null stands for an undefined figure)', problem)
      if (Object.hasOwn(point, name))
        throw refuse('figures with names of their own', `a knob's, ${name}`)
    }
  }
  return rows as readonly SweepFigures[]
}
