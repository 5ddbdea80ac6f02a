import { expect, test } from 'vitest'
import { spreadLabels } from '../../../experiments/class-dependent/report/charts/spread-labels.js'

const label = (system: string, y: number) => ({ system, x: 1, y })

test('spreadLabels moves labels apart in their order, and no others', () => {
  const labels = [label('a', 10), label('b', 3.1), label('c', 3), label('d', 3.05)]
  const spread = spreadLabels(labels, { gap: 1, top: 12 })
  expect(spread.map(({ system }) => system)).toEqual(['c', 'd', 'b', 'a'])
  expect(spread.at(-1)!.y).toBe(10)
  const gaps = spread.slice(1).map(({ y }, i) => y - spread[i]!.y)
  for (const gap of gaps) expect(gap).toBeGreaterThan(0.99)
})

test('spreadLabels stays below the top', () => {
  const spread = spreadLabels([label('a', 5), label('b', 5)], { gap: 1, top: 5 })
  expect(Math.max(...spread.map(({ y }) => y))).toBeLessThanOrEqual(5)
})
