import { expect, test } from 'vitest'
import type { OptionChecks } from '../../src/internal/check-options.js'
import { copyOptions } from '../../src/internal/copy-options.js'
import { anything } from '../../src/internal/option-checks.js'

interface Options {
  readonly weight?: number
  readonly seed?: number
}
const checks: OptionChecks<Options> = { weight: anything, seed: anything }

test('copyOptions keeps the values of now', () => {
  const given = { weight: 1 }
  const copy = copyOptions<Options>(given, checks)
  given.weight = 2
  expect(copy).toEqual({ weight: 1 })
})

test('copyOptions takes values of a prototype, of getters and of a class', () => {
  class Given {
    readonly seed = 3
    get weight() {
      return 1
    }
  }
  expect(copyOptions<Options>(new Given(), checks)).toEqual({ weight: 1, seed: 3 })
  expect(copyOptions<Options>(Object.create({ weight: 1 }), checks)).toEqual({ weight: 1 })
})

test('copyOptions leaves out options that are undefined', () => {
  const given: object = { weight: undefined, seed: 1 }
  expect(Object.keys(copyOptions<Options>(given, checks))).toEqual(['seed'])
})
