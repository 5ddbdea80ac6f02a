// A sweep in processes, each with its own tfjs, from the packed package and by its command line.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { processes, readRows, sweep } from 'tfjs-prune/sweep'
import { jobs } from './jobs.js'

const { rows, failed } = await sweep(jobs, {
  module: './jobs.js',
  runner: processes({ workers: 2 }),
  store: 'rows',
})
const expected = jobs.slice(0, 7).map(({ point }) => ({ ...point, value: point.seed ** 2 }))
assert.deepEqual(
  rows.map(({ seed, set, value }) => ({ seed, set, value })),
  expected,
)
assert.deepEqual(
  failed.map(({ error }) => `${error.name}: ${error.message}`),
  ['RangeError: no such sample'],
)
assert.ok(rows.every(({ pid, tensors }) => pid !== process.pid && tensors === 0))

const words = ['sweep', '--module', 'jobs.js', '--workers', '2', '--store', 'other', '--json']
const called = spawnSync('npx', ['--no', 'tfjs-prune', ...words], { encoding: 'utf8' })
assert.equal(called.status, 1, called.stderr)
assert.match(called.stderr, /8 of 8/)
assert.deepEqual(JSON.parse(called.stdout).rows.length, 7)
assert.equal((await readRows('other')).length, 7)
