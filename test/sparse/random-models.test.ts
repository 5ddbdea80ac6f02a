import { expect, it } from 'vitest'
import { differenceOf, randomCases } from './support/differences.js'

it('60 random models and 60 random graphs predict as tfjs does, to 1e-5', async () => {
  const found: string[] = []
  let [steps, foreign] = [0, 0]
  for (const one of randomCases(Number(process.env.RUNS ?? 60), Number(process.env.SEED ?? 1))) {
    const difference = await differenceOf(one)
    if (!(difference.relative <= 1e-5)) found.push(`${difference.relative} in ${one.what}`)
    foreign += difference.foreign
    steps++
    one.model.dispose()
  }
  expect(found).toEqual([])
  expect(foreign).toBeLessThan(steps) // volumes alone
})
