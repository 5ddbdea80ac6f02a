import * as tf from '@tensorflow/tfjs-core'
import { maskOfZeros } from 'tfjs-prune'
import { expect, it } from 'vitest'
import { NotTrainable } from '../../../src/sparse/training/gradients/not-trainable.js'
import { randomValues } from '../../support/weights.js'
import { type Case, randomCases } from '../support/differences.js'
import { differenceOf, stepsOfSparse, stepsOfTfjs } from './support.js'

/** The difference after two steps; undefined where the model is left to tfjs. */
async function trained({ model, batch, tokens }: Case): Promise<number | undefined> {
  const inputs = model.inputs.map(({ shape }, i) => {
    const sides = [batch, ...(shape.slice(1) as number[])]
    const drawn = randomValues(
      sides.reduce((product, side) => product * side, 1),
      5 + i,
    )
    const values = tokens
      ? drawn.map((value) => Math.floor(((value + 1) / 2) * tokens) % tokens)
      : drawn
    return tf.tensor(values, sides)
  })
  const costOf = (outputs: tf.Tensor) => tf.mean(tf.square(tf.sub(outputs, 0.3))) as tf.Scalar
  const makeOptimizer = () => tf.train.momentum(0.01, 0.9)
  const all = { model, mask: await maskOfZeros(model), inputs, costOf, makeOptimizer, steps: 2 }
  const start = model.getWeights().map((weight) => weight.clone())
  try {
    const made = await stepsOfSparse(all)
    model.setWeights(start)
    return differenceOf(stepsOfTfjs(all).weights, made.weights)
  } catch (error) {
    if (error instanceof NotTrainable || /^Cannot read the network/.test((error as Error).message))
      return undefined
    throw error
  } finally {
    tf.dispose([inputs, start])
  }
}

it('40 random models and 40 random graphs train as in tfjs, to 1e-4', async () => {
  const found: string[] = []
  let [count, left] = [0, 0]
  for (const one of randomCases(Number(process.env.RUNS ?? 40), Number(process.env.SEED ?? 3))) {
    const difference = await trained(one)
    if (difference === undefined) left++
    else if (!(difference <= 1e-4)) found.push(`${difference} in ${one.what}`)
    count++
    one.model.dispose()
  }
  expect(found).toEqual([])
  expect(left).toBeLessThan(count / 2)
})
