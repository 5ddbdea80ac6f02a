import fc from 'fast-check'
import { type GridKnobs, grid, jobsOf } from 'tfjs-prune/sweep'
import { expect, test } from 'vitest'

const keysOf = (jobs: readonly { key: string }[]) => jobs.map(({ key }) => key)

test('grid makes each combination, the last knob changing first', () => {
  const jobs = grid({ set: ['a', 'b'], seed: [1, 2] })
  expect(jobs.map(({ point }) => point)).toEqual([
    { set: 'a', seed: 1 },
    { set: 'a', seed: 2 },
    { set: 'b', seed: 1 },
    { set: 'b', seed: 2 },
  ])
  expect(keysOf(jobs)).toEqual(['seed=1,set=a', 'seed=2,set=a', 'seed=1,set=b', 'seed=2,set=b'])
})

const name = fc.string({ minLength: 1, maxLength: 6 }).filter((text) => text !== '__proto__')
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)))
const knobs = fc
  .dictionary(name, fc.uniqueArray(json, { minLength: 1, maxLength: 3, selector: sorted }), {
    minKeys: 1,
    maxKeys: 4,
  })
  .map((made) => ({ ...made }) as GridKnobs)

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

test('grid makes as many jobs as combinations, with different keys', () => {
  fc.assert(
    fc.property(knobs, (values) => {
      const keys = keysOf(grid(values))
      const count = Object.values(values).reduce((product, list) => product * list.length, 1)
      expect(new Set(keys).size).toBe(count)
      expect(Math.max(...keys.map((key) => key.length))).toBeLessThanOrEqual(80)
    }),
  )
})

test('grid makes the same keys in any order of knobs and values', () => {
  fc.assert(
    fc.property(knobs, (values) => {
      const turned = Object.fromEntries(
        Object.entries(values)
          .reverse()
          .map(([knob, list]) => [knob, [...list].reverse()]),
      ) as GridKnobs
      expect(keysOf(grid(turned)).sort()).toEqual(keysOf(grid(values)).sort())
    }),
  )
})

test('grid tells the text 1, the number 1 and the list of it apart', () => {
  expect(keysOf(grid({ a: [1, '1', [1], true, 'true', null, 'null', '[1]'] }))).toEqual([
    'a=1',
    'a="1"',
    'a=[1]',
    'a=true',
    'a="true"',
    'a=null',
    'a="null"',
    'a="[1]"',
  ])
})

test('grid cuts a long key and keeps it the only one', () => {
  const keys = keysOf(grid({ text: ['x'.repeat(200), `${'x'.repeat(199)}y`] }))
  expect(keys[0]).toMatch(/^text=x{43}\.\.\.[\da-f]{16}$/)
  expect(keys[1]).not.toBe(keys[0])
})

test('grid refuses a where that answers with a promise, which would accept each point', () => {
  const where = (async () => false) as never
  expect(() => grid({ a: [1, 2] }, { where })).toThrow(
    'Cannot make a grid: expected where to be a function that returns at once, got a promise',
  )
})

test('grid leaves out the points that where does not accept', () => {
  const jobs = grid({ a: [1, 2, 3], b: [1, 2, 3] }, { where: ({ a, b }) => a < b })
  expect(keysOf(jobs)).toEqual(['a=1,b=2', 'a=1,b=3', 'a=2,b=3'])
})

test.each([
  [{}, 'expected at least one knob, got none'],
  [{ a: [] }, 'expected at least one value of a, got an empty list'],
  [{ a: 1 }, 'expected a list of values of a, got 1'],
  [{ a: [Number.NaN] }, 'expected values of JSON, got a[0] is NaN'],
  [{ a: [{ b: undefined }] }, 'expected values of JSON, got a[0].b is undefined'],
  [{ a: [() => 1] }, 'expected values of JSON, got a[0] is a function'],
  [{ a: [new Date(0)] }, 'got a[0] is an object of the class Date'],
  [{ a: [1, 1] }, 'expected each point once, got a=1 twice'],
  [{ a: [0, -0] }, 'expected each point once, got a=0 twice'],
  [[1], 'expected lists of values by the names of knobs, got a list'],
])('grid refuses %j', (values, message) => {
  expect(() => grid(values as never)).toThrow(message)
})

test('grid refuses a value that holds itself', () => {
  const list: unknown[] = []
  list.push(list)
  expect(() => grid({ a: [list] as never })).toThrow('got a[0][0] holds itself')
})

test('jobsOf keeps copies of points, which may have different knobs', () => {
  const points = [{ rate: 0.1 }, { rate: 0.1, epochs: 3 }]
  const jobs = jobsOf<{ rate: number; epochs?: never } | { rate: number; epochs: number }>(points)
  points[0]!.rate = 1
  expect(jobs).toEqual([
    { key: 'rate=0.1', point: { rate: 0.1 } },
    { key: 'epochs=3,rate=0.1', point: { rate: 0.1, epochs: 3 } },
  ])
})

test.each([
  [{}, 'expected a list of points, got object'],
  [[1], 'expected an object as point 0, got 1'],
  [[{}], 'expected a knob in each point, got none in point 0'],
  [
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    'expected each point once, got a=1,b=2 twice',
  ],
])('jobsOf refuses %j', (points, message) => {
  expect(() => jobsOf(points as never)).toThrow(message)
})
