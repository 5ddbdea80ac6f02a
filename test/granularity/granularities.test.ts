import { expect, test } from 'vitest'
import { blocks } from '../../src/granularity/blocks.js'
import { channels } from '../../src/granularity/channels.js'
import { elements } from '../../src/granularity/elements.js'
import type { Granularity } from '../../src/granularity/granularity.js'
import { units } from '../../src/granularity/units.js'
import type { WeightPlace } from '../../src/types.js'
import { refusalOf } from '../support/refusal-of.js'

const weight = (shape: readonly number[], className = 'Dense', role = 'kernel'): WeightPlace => {
  return { name: `a/${role}`, layer: 'a', role, className, shape }
}

const groups = (granularity: Granularity, one: WeightPlace) => [...granularity.grains(one).of]

test('elements has a group for each element', () => {
  expect(elements().grains(weight([2, 3]))).toEqual({
    count: 6,
    of: Int32Array.of(0, 1, 2, 3, 4, 5),
  })
  expect(elements().grains(weight([]))).toEqual({ count: 1, of: Int32Array.of(0) })
})

test('units groups by the last axis', () => {
  expect(units().grains(weight([2, 3]))).toEqual({ count: 3, of: Int32Array.of(0, 1, 2, 0, 1, 2) })
  expect(groups(units(), weight([2, 1, 2, 2], 'Conv2D'))).toEqual([0, 1, 0, 1, 0, 1, 0, 1])
  expect(groups(units(), weight([1, 1, 2, 2], 'SeparableConv2D', 'pointwise_kernel'))).toEqual([
    0, 1, 0, 1,
  ])
  expect(groups(units(), weight([3, 2], 'Embedding', 'embeddings'))).toEqual([0, 1, 0, 1, 0, 1])
  expect(groups(units(), weight([2, 2], 'SimpleRNN', 'recurrent_kernel'))).toEqual([0, 1, 0, 1])
})

test('units has one group for each element of a bias', () => {
  expect(groups(units(), weight([3], 'Dense', 'bias'))).toEqual([0, 1, 2])
  expect(groups(units(), weight([4], 'Conv2DTranspose', 'bias'))).toEqual([0, 1, 2, 3])
  expect(groups(units(), weight([4], 'DepthwiseConv2D', 'bias'))).toEqual([0, 1, 2, 3])
})

test('units groups transposed convolutions by the last axis but one, where their filters are', () => {
  expect(groups(units(), weight([1, 2, 2, 3], 'Conv2DTranspose'))).toEqual([
    0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1,
  ])
  expect(units().grains(weight([1, 1, 1, 2, 3], 'Conv3DTranspose')).count).toBe(2)
})

test.each(['DepthwiseConv2D', 'SeparableConv2D'])(
  'units has a group for each channel and multiplier of %s',
  (name) => {
    const { count, of } = units().grains(weight([2, 1, 2, 3], name, 'depthwise_kernel'))
    expect([count, ...of]).toEqual([6, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5])
  },
)

test('units puts the gates of a recurrent unit in one group', () => {
  expect(groups(units(), weight([2, 6], 'GRU'))).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
  expect(groups(units(), weight([1, 12], 'LSTM', 'recurrent_kernel'))).toEqual([
    0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2,
  ])
  expect(groups(units(), weight([8], 'LSTM', 'bias'))).toEqual([0, 1, 0, 1, 0, 1, 0, 1])
  expect(groups(units(), weight([8], 'LSTMCell', 'bias_1'))).toEqual([0, 1, 0, 1, 0, 1, 0, 1])
  expect(units().grains(weight([3, 3, 2, 8], 'ConvLSTM2D')).count).toBe(2)
  expect(refusalOf(() => units().grains(weight([2, 6], 'LSTM')))).toBe(
    'RangeError: Cannot group a/kernel by units: expected a last axis of 4 gates, got 6 places',
  )
})

test('units takes another axis, from the end if negative', () => {
  expect(groups(units({ axis: 0 }), weight([2, 3]))).toEqual([0, 0, 0, 1, 1, 1])
  expect(groups(units({ axis: -2 }), weight([2, 2, 2]))).toEqual([0, 0, 1, 1, 0, 0, 1, 1])
  expect(groups(units({ axis: 1 }), weight([1, 8], 'LSTM'))).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  for (const axis of [2, -3]) {
    expect(refusalOf(() => units({ axis }).grains(weight([2, 3])))).toBe(
      `RangeError: Cannot group a/kernel by units: expected an axis of [2, 3], got ${axis}`,
    )
  }
})

test('channels groups by the inputs', () => {
  expect(channels().grains(weight([2, 3]))).toEqual({
    count: 2,
    of: Int32Array.of(0, 0, 0, 1, 1, 1),
  })
  expect(groups(channels(), weight([2, 1, 2, 2], 'Conv2D'))).toEqual([0, 0, 1, 1, 0, 0, 1, 1])
  expect(groups(channels(), weight([1, 2, 1, 3], 'Conv2DTranspose'))).toEqual([0, 1, 2, 0, 1, 2])
  expect(groups(channels(), weight([2, 1, 2, 2], 'DepthwiseConv2D', 'depthwise_kernel'))).toEqual([
    0, 0, 1, 1, 0, 0, 1, 1,
  ])
  expect(groups(channels(), weight([2, 4], 'LSTM', 'recurrent_kernel'))).toEqual([
    0, 0, 0, 0, 1, 1, 1, 1,
  ])
})

test('blocks groups rectangles of the last two axes, smaller ones at the edge', () => {
  const { count, of } = blocks([2, 2]).grains(weight([3, 5]))
  expect([...of]).toEqual([0, 0, 1, 1, 2, 0, 0, 1, 1, 2, 3, 3, 4, 4, 5])
  expect(count).toBe(6)
  expect(groups(blocks([1, 2]), weight([2, 2]))).toEqual([0, 0, 1, 1])
  expect(groups(blocks([2, 1]), weight([2, 2]))).toEqual([0, 1, 0, 1])
  expect(groups(blocks([9, 9]), weight([2, 2]))).toEqual([0, 0, 0, 0])
})

test('blocks has blocks of its own for each place of a window', () => {
  const { count, of } = blocks([2, 1]).grains(weight([2, 1, 2, 2], 'Conv2D'))
  expect([count, ...of]).toEqual([4, 0, 1, 0, 1, 2, 3, 2, 3])
  expect(groups(blocks([2, 2]), weight([2, 3, 2], 'Conv1D'))).toEqual([
    0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 3,
  ])
})

test('channels and blocks refuse a bias', () => {
  const refuse = (granularity: Granularity) =>
    refusalOf(() => granularity.grains(weight([3], 'Dense', 'bias')))
  expect(refuse(channels())).toBe(
    'RangeError: Cannot group a/bias by channels: expected a shape of 2 axes or more, got [3]',
  )
  expect(refuse(blocks([2, 2]))).toBe(
    'RangeError: Cannot group a/bias by blocks([2, 2]): expected a shape of 2 axes or more, got [3]',
  )
  expect(refusalOf(() => units().grains(weight([])))).toBe(
    'RangeError: Cannot group a/kernel by units: expected an axis, got a scalar',
  )
})

test('units, channels and blocks combine by sum, sum and mean, or as told', () => {
  expect([units(), channels(), blocks([2, 2])].map(({ combine }) => combine)).toEqual([
    'sum',
    'sum',
    'mean',
  ])
  const norm = { combine: 'norm' } as const
  expect([units(norm), channels(norm), blocks([2, 2], norm)].map(({ combine }) => combine)).toEqual(
    Array(3).fill('norm'),
  )
})

const wrong: [string, () => unknown][] = [
  [
    "RangeError: Cannot group by units: expected combine to be 'sum' or 'mean' or 'norm', got \"max\"",
    () => units({ combine: 'max' as never }),
  ],
  [
    "RangeError: Cannot group by channels: expected combine to be 'sum' or 'mean' or 'norm', got \"max\"",
    () => channels({ combine: 'max' as never }),
  ],
  [
    'RangeError: Cannot group by units: expected axis to be a whole number, got 0.5',
    () => units({ axis: 0.5 }),
  ],
  [
    'TypeError: Cannot group by units: expected axis to be a whole number, got "last"',
    () => units({ axis: 'last' as never }),
  ],
  [
    'TypeError: Cannot group by units: expected options among axis, combine, whole, got axes: did you mean axis?',
    () => units({ axes: 1 } as never),
  ],
  [
    'RangeError: Cannot group by blocks: expected whole sides of at least 1, got 0 and 4',
    () => blocks([0, 4]),
  ],
  [
    'RangeError: Cannot group by blocks: expected whole sides of at least 1, got 2.5 and 4',
    () => blocks([2.5, 4]),
  ],
  [
    'TypeError: Cannot group by blocks: expected a pair of numbers as size, got [4]',
    () => blocks([4] as never),
  ],
  [
    'TypeError: Cannot group by blocks: expected a pair of numbers as size, got 4',
    () => blocks(4 as never),
  ],
]

test.each(wrong)('units, channels and blocks refuse wrong options: %s', (message, make) => {
  expect(refusalOf(make)).toBe(message)
})
