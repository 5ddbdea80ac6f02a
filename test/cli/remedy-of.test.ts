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

test.each([
  [
    'the model: expected to read model/gone.bin, got ENOENT: no such file',
    'names this file of weights',
  ],
  ['the model: expected a header of 507 bytes, got an end after 40, in cut.tfpr', 'is cut off'],
  ['the model: expected a file or folder model, got ENOENT: no such file', 'Is the path right?'],
  [
    'model.json: expected an entry of a run, which starts with TRUN, got other bytes',
    'npx tfjs-prune inspect',
  ],
])('remedyOf tells the way out where it cannot load %s', (message, remedy) => {
  expect(remedyOf(new RangeError(`Cannot load ${message}`))).toContain(remedy)
})

test('remedyOf keeps silent about errors that it does not know', () => {
  expect(remedyOf(new RangeError('expected a density in (0, 1], got 2'))).toBeUndefined()
})
