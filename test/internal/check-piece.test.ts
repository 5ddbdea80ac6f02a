import { densityReached, never, patience } from 'tfjs-prune'
import { expect, test } from 'vitest'
import {
  askPiece,
  checkFunctionPiece,
  checkObjectPiece,
  type PieceOption,
} from '../../src/internal/check-piece.js'
import { refusalOf } from '../support/refusal-of.js'

const rule: PieceOption = { task: 'prune', name: 'stop', kind: 'a stopping rule' }
const schedule: PieceOption = { task: 'prune', name: 'schedule', kind: 'a schedule' }
const granularity = {
  task: 'prune',
  name: 'granularity',
  kind: 'a granularity',
  method: 'grains',
} as const

/** A factory whose options are not checked: it falls over what is missing. */
const careless = ({ limits }: { limits: readonly number[] }) => {
  const [limit] = limits.filter(Number.isFinite)
  return () => limit
}

const uncalled = (name: string, kind = 'a stopping rule', option = 'stop') =>
  `TypeError: Cannot prune: expected ${option} to be ${kind}, got a factory: ` +
  `${name} is a function that makes ${kind}: call it, ${name}()`

test.each([never, densityReached, patience, careless])(
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

test.each(['needs', 'gather', 'settings', 'compensate'])(
  'askPiece passes on the error of a piece with %s, which looks at nothing',
  (member) => {
    const piece = () => fail()
    const option: PieceOption = { task: 'prune', name: 'criterion', kind: 'a criterion' }
    const shown = { name: 'hidden/kernel' }
    const ask = () => askPiece(piece as (weight: object) => unknown, [shown], option)
    expect(refusalOf(ask)).toBe(uncalled('piece', 'a criterion', 'criterion'))
    Object.assign(piece, { [member]: [] })
    expect(refusalOf(ask)).toBe('TypeError: Cannot judge: expected a round, got none')
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

test('askPiece tells the factory of a schedule, whose number is in its message alone', () => {
  const halving = (options: { keep: number }) => {
    if (typeof options !== 'object') throw new TypeError(`Cannot halve, got ${String(options)}`)
    if (options.keep === undefined) throw new TypeError(`Cannot halve, got ${options}`)
    return (round: number) => options.keep ** round
  }
  const ask = () => askPiece(halving as unknown as (round: number) => unknown, [0], schedule)
  expect(refusalOf(ask)).toBe(uncalled('halving', 'a schedule', 'schedule'))
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
  const wanted = 'TypeError: Cannot prune: expected granularity to be a granularity, got '
  expect(refusalOf(() => checkObjectPiece({}, granularity))).toBe(
    `${wanted}an object without grains`,
  )
  expect(refusalOf(() => checkObjectPiece('units', granularity))).toBe(`${wanted}"units"`)
  expect(refusalOf(() => checkObjectPiece(null, granularity))).toBe(`${wanted}null`)
})

test('checkFunctionPiece refuses functions of more arguments than a piece has', () => {
  const evaluate = { task: 'prune', name: 'evaluate', kind: 'an evaluation', arity: 1 } as const
  checkFunctionPiece((model: unknown) => model, evaluate)
  const measure = (data: unknown, options: unknown) => () => [data, options]
  expect(refusalOf(() => checkFunctionPiece(measure, evaluate))).toBe(
    uncalled('measure', 'an evaluation', 'evaluate'),
  )
  expect(refusalOf(() => checkFunctionPiece(3, evaluate))).toBe(
    'TypeError: Cannot prune: expected evaluate to be an evaluation, got 3',
  )
})
