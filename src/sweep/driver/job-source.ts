import { optionError } from '../../internal/option-error.js'
import type { SweepFunction, SweepPoint } from '../job.js'
import { loadJob } from '../load-job.js'
import { moduleUrl } from '../module-url.js'
import type { Runner, RunnerContext } from '../runner.js'

/** Where the job is: a module or a function. */
export type JobSource = Pick<RunnerContext, 'module' | 'function'>

/**
 * Finds the job before anything is run: a module without a function as its default export is
 * refused, and so is a function that would have to go to another process.
 */
export async function jobSource<P extends SweepPoint>(
  module: string | URL | SweepFunction<P>,
  runner: Runner,
): Promise<JobSource> {
  if (typeof module === 'function') {
    if (runner.takesFunctions) return { module: '', function: module as SweepFunction }
    const wanted = `the path of a module as module, whose default export ${runner.name} can import`
    throw optionError(new TypeError(`Cannot sweep: expected ${wanted}, got a function`))
  }
  const url = moduleUrl(module, 'sweep')
  await loadJob(url)
  return { module: url }
}
