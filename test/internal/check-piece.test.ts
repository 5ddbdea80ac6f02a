import { densityReached, never, patience } from 'tfjs-prune'
import { expect, test } from 'vitest'
import { checkOptions } from '../../src/internal/check-options.js'
import {
  askPiece,
  checkFunctionPiece,
  checkObjectPiece,
  type PieceOption,
} from '../../src/internal/check-piece.js'
import { checkIndex, required } from '../../src/internal/option-checks.js'
import { refusalOf } from '../support/refusal-of.js'

const rule: PieceOption = { task: 'prune', name: 'stop', kind: 'a stopping rule' }
const schedule: PieceOption = { task: 'prune', name: 'schedule', kind: 'a schedule' }
const granularity = {
  task: 'prune',
  name: 'granularity',
  kind: 'a granularity',
  method: 'grains',
} as const

/** A factory that checks its options as ours do. */
const checked = (options: object) => {
  checkOptions<{ limit: number }>(options as never, {
    task: 'make a rule',
    checks: { limit: required(checkIndex) },
  })
  return () => options
}

const uncalled = (name: string, kind = 'a stopping rule', option = 'stop') =>
  `TypeError: Cannot prune: expected ${option} to be ${kind}, got a factory: ` +
  `${name} is a function that makes ${kind}: call it, ${name}()`

test.each([never, densityReached, patience, checked])(
  'askPiece tells a factory that was not called: %o',
  (factory) => {
    const ask = () => askPiece(factory as unknown as (rounds: unknown[]) => unknown, [[]], rule)
    expect(refusalOf(ask)).toBe(uncalled(factory.name))
  },
)

test('askPiece leaves the name of a nameless factory out', () => {
  expect(refusalOf(() => askPiece((() => () => 1) as () => unknown, [], rule))).toBe(
    'TypeError: Cannot prune: expected stop to be a stopping rule, got a factory: it is a function that makes a stopping rule: call it',
  )
})

test.each<[string, (rounds: readonly { loss: number }[]) => unknown]>([
  ['asks for the length', (rounds) => rounds.length || fail()],
  ['asks for the last', (rounds) => rounds.at(-1) ?? fail()],
  ['reads the first', (rounds) => rounds[0]?.loss ?? fail()],
  ['takes the list apart', ([first]) => first ?? fail()],
  ['goes through the list', (rounds) => rounds.map(({ loss }) => loss)[0] ?? fail()],
])('askPiece passes on the error of a rule that %s', (_, piece) => {
  const thrown = refusalOf(() => piece([]))
  expect(refusalOf(() => askPiece(piece, [[]], rule))).toBe(thrown)
})

function fail(): never {
  throw new TypeError('Cannot judge: expected a round, got none')
}

test.each<[string, (rounds: readonly { loss: number }[]) => unknown]>([
  ['looks at nothing', () => fail()],
  ['copies the rounds', (rounds) => structuredClone(rounds)[0] ?? fail()],
  ['writes the rounds down', (rounds) => JSON.stringify(rounds).length > 2 || fail()],
  ['throws as the language does', (rounds) => rounds[0]!.loss],
])('askPiece calls a piece once and passes its own error on: %s', (_, piece) => {
  let calls = 0
  const counted = (rounds: readonly { loss: number }[]) => {
    calls++
    return piece(rounds)
  }
  let thrown: unknown
  try {
    piece([])
  } catch (error) {
    thrown = error
  }
  expect(() => askPiece(counted, [[]], rule)).toThrow(thrown as Error)
  expect(calls).toBe(1)
})

test.each(['needs', 'gather', 'settings', 'compensate'])(
  'askPiece passes on an error about options of a piece with %s',
  (member) => {
    const piece = () => checked({})
    const option: PieceOption = { task: 'prune', name: 'criterion', kind: 'a criterion' }
    const ask = () => askPiece(piece as (weight: object) => unknown, [{}], option)
    expect(refusalOf(ask)).toBe(uncalled('piece', 'a criterion', 'criterion'))
    Object.assign(piece, { [member]: [] })
    expect(refusalOf(ask)).toBe(
      'TypeError: Cannot make a rule: expected limit to be a whole number of at least 0, got undefined',
    )
  },
)

test('askPiece passes on the error of a schedule that counts with its round', () => {
  const broken = (round: number) => {
    if (round * 2 < 1) throw new RangeError('Cannot halve: expected a round above 0, got 0')
    return 1
  }
  expect(refusalOf(() => askPiece(broken, [0], schedule))).toBe(
    'RangeError: Cannot halve: expected a round above 0, got 0',
  )
})

test('askPiece gives the answer of a piece that is called once', () => {
  let calls = 0
  expect(askPiece((round: number) => round + ++calls, [2], schedule)).toBe(3)
})

test('checkObjectPiece refuses functions and objects without the method', () => {
  const units = () => ({ grains: () => 0 })
  checkObjectPiece(units(), granularity)
  expect(refusalOf(() => checkObjectPiece(units, granularity))).toBe(
    uncalled('units', 'a granularity', 'granularity'),
  )
  const wanted =
    'TypeError: Cannot prune: expected granularity to be a granularity, such as units(), got '
  expect(refusalOf(() => checkObjectPiece({}, granularity))).toBe(
    `${wanted}an object without grains`,
  )
  expect(refusalOf(() => checkObjectPiece('units', granularity))).toBe(`${wanted}"units"`)
  expect(refusalOf(() => checkObjectPiece(null, granularity))).toBe(`${wanted}null`)
})

test('checkFunctionPiece refuses all but functions', () => {
  const evaluate = { task: 'prune', name: 'evaluate', kind: 'an evaluation function' } as const
  checkFunctionPiece((model: unknown, verbose: unknown) => [model, verbose], evaluate)
  expect(refusalOf(() => checkFunctionPiece(3, evaluate))).toBe(
    'TypeError: Cannot prune: expected evaluate to be an evaluation function, such as evaluateOn(data, { positiveClass: 1 }), got 3',
  )
})
