import { expect, expectTypeOf, test } from 'vitest'
import {
  checkOptions,
  type OptionCheck,
  type OptionChecks,
  type RequiredCheck,
} from '../../src/internal/check-options.js'
import { anything, checkChoice, checkIndex, required } from '../../src/internal/option-checks.js'
import { refusalOf } from '../support/refusal-of.js'

interface Options {
  readonly density: number
  readonly seed?: number
  readonly signal?: AbortSignal
}
const checks: OptionChecks<Options> = {
  density: required(checkIndex),
  seed: checkIndex,
  signal: anything,
}
const check = (options: unknown) => () =>
  checkOptions(options as Options, { task: 'prune', checks })

test('checkOptions accepts known options that pass their checks', () => {
  expect(refusalOf(check({ density: 1 }))).toBe('no error')
  expect(refusalOf(check({ density: 1, seed: 2, signal: undefined }))).toBe('no error')
})

test.each<[unknown, string]>([
  [{ density: 1, sed: 1 }, 'got sed: did you mean seed?'],
  [{ sparsity: 0.9 }, 'got sparsity: did you mean density?'],
  [{ density: 1, verbose: true }, 'got verbose'],
])('checkOptions names an option that does not exist, and the nearest: %j', (options, end) => {
  const known = 'TypeError: Cannot prune: expected options among density, seed, signal, '
  expect(refusalOf(check(options))).toBe(known + end)
})

test('checkOptions checks a required option that is left out, and values that are there', () => {
  const wanted = 'a whole number of at least 0'
  expect(refusalOf(check({}))).toBe(
    `TypeError: Cannot prune: expected density to be ${wanted}, got undefined`,
  )
  expect(refusalOf(check({ density: 1, seed: -1 }))).toBe(
    `RangeError: Cannot prune: expected seed to be ${wanted}, got -1`,
  )
})

test.each<[unknown, string]>([
  [undefined, 'undefined'],
  [null, 'null'],
  [[], 'a list'],
])(
  'checkOptions refuses %s in the place of options, and names those that are needed',
  (options, got) => {
    expect(refusalOf(check(options))).toBe(
      `TypeError: Cannot prune: expected an object of options with density, got ${got}`,
    )
  },
)

test('checkOptions refuses a tensor in the place of options', () => {
  expect(refusalOf(check({ dataId: {} }))).toBe(
    'TypeError: Cannot prune: expected an object of options, got a tensor; was a factory not called?',
  )
})

test.each<[string, object]>([
  ['a model', { predict: () => undefined }],
  ['a dataset', { iterator: () => undefined }],
  ['data, { xs, ys }', { xs: [], ys: [] }],
])('checkOptions says that the arguments may be swapped where options are %s', (got, options) => {
  expect(refusalOf(check(options))).toBe(
    `TypeError: Cannot prune: expected an object of options, got ${got}; are the arguments in their order?`,
  )
})

test('OptionChecks does not compile without one of the options, or with one too many', () => {
  expectTypeOf<{ density: RequiredCheck; seed: OptionCheck }>().not.toExtend<
    OptionChecks<Options>
  >()
  expectTypeOf<{
    density: OptionCheck
    seed: OptionCheck
    signal: OptionCheck
  }>().not.toExtend<OptionChecks<Options>>()
  // @ts-expect-error signal is forgotten
  const forgotten: OptionChecks<Options> = { density: required(checkIndex), seed: checkIndex }
  // @ts-expect-error there is no such option
  const invented: OptionChecks<Options> = { ...checks, verbose: anything }
  expect([forgotten, invented]).toHaveLength(2)
})

test.each<[unknown, string]>([
  ['2', '"2"'],
  [[], 'a list'],
  [{}, 'object'],
  [null, 'null'],
  [-1, '-1'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
])('checkIndex and checkChoice name the kind of %j', (value, got) => {
  const rule = { task: 'try', name: 'size' }
  expect(refusalOf(() => checkIndex(value, rule))).toMatch(/ a whole number of at least 0, got .+$/)
  expect(refusalOf(() => checkIndex(value, rule))?.split(', got ')[1]).toBe(got)
  expect(refusalOf(() => checkChoice(value, ['on', 'off'], rule))).toBe(
    `RangeError: Cannot try: expected size to be 'on' or 'off', got ${got}`,
  )
})
