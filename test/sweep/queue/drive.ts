/**
 * The program of a driver in tests: its options are the first argument, as JSON. It ends with code 0
 * when each job has an outcome.
 */
import { jobsOf, queue, sweep } from '../../../src/sweep/index.js'

const { connection, name, points, store, module } = JSON.parse(process.argv[2]!)
await sweep(jobsOf(points), { module, store, runner: queue({ connection, name }) })
