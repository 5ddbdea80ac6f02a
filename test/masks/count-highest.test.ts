import { expect, test } from 'vitest'
import { countHighest } from '../../src/masks/count-highest.js'
import { likelyBand } from '../../src/masks/likely-band.js'
import { selectHighest } from '../../src/masks/select-highest.js'
import { type Candidates, EVERY_KEY } from '../../src/masks/split-candidates.js'
import { randomValues } from '../support/weights.js'

const SIZE = 60_000

/** A sample of these is misled: the places that it looks at have other scores than the rest. */
function unlikeTheSample(): Candidates {
  const plain = { scores: new Float32Array(SIZE), mask: new Uint8Array(SIZE).fill(1) }
  const looked = new Set<number>()
  const handler: ProxyHandler<Uint8Array> = {
    get: (values, key) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) looked.add(Number(key))
      return Reflect.get(values, key)
    },
  }
  const watched = { scores: plain.scores, mask: new Proxy(plain.mask, handler) }
  likelyBand([watched], { count: 1000, total: SIZE })
  const scores = randomValues(SIZE).map((value, i) => (looked.has(i) ? 100 : 0) + value)
  return { scores, mask: plain.mask }
}

const spread: Record<string, () => Candidates> = {
  'random scores': () => ({ scores: randomValues(SIZE), mask: new Uint8Array(SIZE).fill(1) }),
  'scores in ascending order': () => {
    return { scores: randomValues(SIZE).sort(), mask: new Uint8Array(SIZE).fill(1) }
  },
  'two scores only': () => {
    const scores = randomValues(SIZE).map((value) => (value > 0.5 ? 1 : -1))
    return { scores, mask: new Uint8Array(SIZE).fill(1) }
  },
  'zeros of both signs, and few others': () => {
    const scores = randomValues(SIZE).map((value) => (value > 0.9 ? value : value > 0 ? 0 : -0))
    return { scores, mask: new Uint8Array(SIZE).fill(1) }
  },
  'a mask of four fifths, beside scores that are no numbers': () => {
    const mask = Uint8Array.from({ length: SIZE }, (_, i) => (i % 5 === 0 ? 0 : 1))
    return { scores: randomValues(SIZE).map((value, i) => (mask[i] ? value : Number.NaN)), mask }
  },
  'a sample that misleads': unlikeTheSample,
  'a number of scores that four do not divide, most of them below 0': () => {
    const scores = randomValues(SIZE - 1).map((value) => value - 0.8)
    return { scores, mask: new Uint8Array(SIZE - 1).fill(1) }
  },
  'masks that begin within a word': () => {
    const mask = new Uint8Array(SIZE + 1).fill(1).subarray(1)
    return { scores: randomValues(SIZE), mask }
  },
  'infinity and -infinity where a mask is 0': () => {
    const mask = Uint8Array.from({ length: SIZE }, (_, i) => (i % 7 === 3 ? 0 : 1))
    const ends = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    return { scores: randomValues(SIZE).map((value, i) => (mask[i] ? value : ends[i % 2]!)), mask }
  },
}

/** The places that a sort puts first: the highest, equal ones by place. */
function sortedPlaces({ scores, mask }: Candidates): number[] {
  const order = [...scores.keys()].filter((i) => mask[i] === 1)
  return order.sort((a, b) => scores[b]! - scores[a]! || a - b)
}

test.each(Object.entries(spread))('selectHighest keeps what a sort keeps, for %s', (_, make) => {
  const group = make()
  const order = sortedPlaces(group)
  for (const count of [0, 1, 157, order.length >> 3, order.length - 1, order.length]) {
    const wanted = new Uint8Array(group.scores.length)
    for (const i of order.slice(0, count)) wanted[i] = 1
    const kept = selectHighest(group, count)
    expect(kept.findIndex((value, i) => value !== wanted[i])).toBe(-1)
  }
})

test.each(Object.entries(spread))('countHighest counts what a sort keeps, for %s', (_, make) => {
  const all = make()
  const order = sortedPlaces(all)
  const ends = [0, 20_000, 20_001, 50_000, all.scores.length]
  const groups = ends.slice(1).map((end, i) => {
    return { scores: all.scores.subarray(ends[i], end), mask: all.mask.subarray(ends[i], end) }
  })
  for (const count of [0, 1, order.length >> 4, order.length - 1, order.length]) {
    const wanted = new Array(groups.length).fill(0)
    for (const i of order.slice(0, count)) wanted[ends.findLastIndex((end) => end <= i)]++
    expect(countHighest(groups, count)).toEqual(wanted)
    const kept = groups.map(({ scores }) => new Uint8Array(scores.length))
    expect(countHighest(groups, count, kept)).toEqual(wanted)
    const places = kept.flatMap((own, i) =>
      [...own.keys()].filter((at) => own[at]).map((at) => at + ends[i]!),
    )
    expect(places).toEqual(order.slice(0, count).sort((a, b) => a - b))
  }
})

test('countHighest refuses scores and mask values that are none, wherever they are', () => {
  for (const place of [0, 1, 2, 3, SIZE - 3, SIZE - 1]) {
    const make = () => {
      const scores = randomValues(SIZE - 1).map(Math.abs)
      return { scores, mask: new Uint8Array(SIZE - 1).fill(1) }
    }
    const at = Math.min(place, SIZE - 2)
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const group = make()
      group.scores[at] = bad
      expect(() => selectHighest(group, 100)).toThrow(`finite scores, got ${bad} at index ${at}`)
    }
    for (const value of [2, 3, 128, 255]) {
      const group = make()
      group.mask[at] = value
      expect(() => selectHighest(group, 100)).toThrow('expected mask values of 0 and 1, got others')
    }
  }
})

test('likelyBand is narrow for a large weight, holds the wanted score, and is all keys for a small one', () => {
  const scores = randomValues(SIZE).map((value) => 1 + Math.abs(value))
  const mask = new Uint8Array(SIZE).fill(1)
  const band = likelyBand([{ scores, mask }], { count: SIZE / 10, total: SIZE })
  const wanted = scores.toSorted().at(-SIZE / 10)!
  const half = new Int32Array(Float32Array.of(wanted).buffer)[0]! >> 16
  expect(half).toBeGreaterThanOrEqual(band.lowest)
  expect(half).toBeLessThanOrEqual(band.highest)
  expect(band.highest - band.lowest).toBeLessThan(20)
  const small = { scores: scores.subarray(0, 100), mask: mask.subarray(0, 100) }
  expect(likelyBand([small], { count: 10, total: 100 })).toEqual(EVERY_KEY)
})

test('a sample that misleads names a band without the wanted score', () => {
  const { scores, mask } = unlikeTheSample()
  const band = likelyBand([{ scores, mask }], { count: SIZE / 2, total: SIZE })
  const wanted = scores.toSorted().at(-SIZE / 2)!
  expect(wanted).toBeLessThan(50)
  expect(band.lowest).toBeGreaterThan(new Int32Array(Float32Array.of(50).buffer)[0]! >> 16)
})
