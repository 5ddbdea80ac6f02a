import { describe } from '../internal/describe.js'
import type { SweepFunction } from './job.js'

/**
 * The job of a module: its default export.
 *
 * @param module The URL of the module, e.g. `file:///study/jobs.js`.
 * @throws {TypeError} If the default export is no function.
 * @throws {Error} If the module cannot be imported; the cause is the reason.
 */
export async function loadJob(module: string): Promise<SweepFunction> {
  const exports = await importModule(module)
  const job = exports.default
  if (typeof job === 'function') return job as SweepFunction
  const names = Object.keys(exports).join(', ') || 'no exports'
  const got = Object.hasOwn(exports, 'default') ? describe(job) : `none beside ${names}`
  throw new TypeError(
    `Cannot load the job: expected a function as the default export of ${module}, got ${got}`,
  )
}

/** The exports of a module of jobs. */
export async function importModule(module: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    // Bundlers cannot know the module, and leave the import as it is.
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ module)
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`Cannot load the job: expected to import ${module}, got ${got}`, { cause })
  }
}
