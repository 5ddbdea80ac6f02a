/**
 * The program of a driver in tests, with the simplest store: a file of lines. Its options are the
 * first argument, as JSON. It ends with code 0 when each job has an outcome.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { queue } from '../../../src/sweep/queue/queue.js'
import { runJobs } from './run-jobs.js'

const { connection, name, points, store } = JSON.parse(process.argv[2]!)
const lines = existsSync(store) ? readFileSync(store, 'utf8').split('\n') : []
const done = new Set(lines.filter(Boolean).map((line) => JSON.stringify(JSON.parse(line).point)))
const file = openSync(store, 'a')
const left = points.filter((point: unknown) => !done.has(JSON.stringify(point)))
if (left.length > 0) {
  await runJobs(queue({ connection, name }), left, {
    finish: async (outcome) => {
      writeSync(file, `${JSON.stringify(outcome)}\n`)
      fsyncSync(file)
    },
  })
}
closeSync(file)
