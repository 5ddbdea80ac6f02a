import { describe } from '../../internal/describe.js'
import { optionError } from '../../internal/option-error.js'
import type { SweepJob } from '../job.js'
import { isPlain, jsonProblem } from '../json-problem.js'

/** Throws unless there is a list of jobs with points of JSON, and each key is there once. */
export function checkJobs(jobs: unknown, task: string): void {
  const refuse = (wanted: string, got: string) =>
    optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`))
  if (!Array.isArray(jobs))
    throw refuse('a list of jobs, as grid and jobsOf make it', describe(jobs))
  const keys = new Set<string>()
  for (const [index, job] of jobs.entries()) {
    const { key, point } = (job ?? {}) as Partial<SweepJob>
    if (typeof key !== 'string' || key === '' || !isPlain(point)) {
      const got = isPlain(job) ? 'a point alone? jobsOf makes jobs of points' : describe(job)
      throw refuse(`a key and a point in job ${index}`, got)
    }
    const problem = jsonProblem(point, key)
    if (problem !== undefined) throw refuse('points of JSON', problem)
    if (keys.has(key))
      throw optionError(new RangeError(`Cannot ${task}: expected each key once, got ${key} twice`))
    keys.add(key)
  }
}
