import { expect, test } from 'vitest'
import { jobError } from '../../src/sweep/run-job.js'

const withOwn = (own: PropertyDescriptorMap) => Object.defineProperties(new Error('x'), own)

test.each<[string, unknown, string]>([
  ['a getter that throws', withOwn({ message: { get: () => JSON.parse('') } }), 'without a text'],
  ['a number as its message', withOwn({ message: { value: 1n } }), '1'],
  ['an object as its message', withOwn({ message: { value: { a: 1 } } }), '[object Object]'],
  ['nothing but null', null, 'null'],
  ['an object without a prototype', Object.create(null), 'without a text'],
])('jobError gives plain data for an error with %s', (_, thrown, message) => {
  const error = jobError(thrown)
  expect(error.message).toContain(message)
  expect(JSON.parse(JSON.stringify(error))).toEqual(error)
})
