/** A worker ended before its job did. */
export class LostWorker extends Error {
  override readonly name = 'LostWorker'

  constructor(cause: unknown) {
    const got = 'its end: it was killed, ran out of memory or left by process.exit'
    super(`Cannot run the job: expected the worker to live, got ${got}`, { cause })
  }
}
