import { expect, test } from 'vitest'
import { remedyOf } from '../../src/cli/remedy-of.js'

test.each([
  ['Unknown file extension ".ts" for /study/jobs.ts', "NODE_OPTIONS='--import tsx'"],
  ['Unknown file extension ".mts" for /study/jobs.mts', 'npm install tsx'],
  ['Cannot use import statement outside a module', 'npm pkg set type=module'],
])('remedyOf tells the way out where Node says %s', (message, remedy) => {
  const error = new Error('Cannot load the job', { cause: new TypeError(message) })
  expect(remedyOf(error)).toContain(remedy)
})

test('remedyOf keeps silent about errors that it does not know', () => {
  expect(remedyOf(new RangeError('expected a density in (0, 1], got 2'))).toBeUndefined()
})
