/**
 * The program of a worker in tests: its options are the first argument, as JSON. The listener that
 * `throwsIn` names throws.
 */
import { worker } from '../../../src/sweep/queue/worker.js'

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
const { throwsIn, ...options } = JSON.parse(process.argv[2]!)
const fail = () => {
  throw new Error(`no room for ${throwsIn}`)
}
try {
  await worker({ ...options, ...(throwsIn && { [throwsIn]: fail }), signal: stop.signal })
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}
setTimeout(() => process.exit(), 1000).unref()
