/** The program of a worker in tests: its options are the first argument, as JSON. */
import { worker } from '../../../src/sweep/queue/worker.js'

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
try {
  await worker({ ...JSON.parse(process.argv[2]!), signal: stop.signal })
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}
setTimeout(() => process.exit(), 1000).unref()
