import * as tf from '@tensorflow/tfjs-core'
import { maskedOptimizer, weightedCrossentropy } from 'tfjs-prune'
import { openTraining } from '../../../src/sparse/training/open-training.js'
import { costByTensors } from '../../../src/training/cost-by-tensors.js'
import type { Side } from '../speed/sides.js'
import { BATCH } from './cases.js'
import type { Prepared } from './context.js'

/**
 * Steps on one batch by themselves, `steps` a call: an own loop with the mask held; the compiled
 * network; and that with a loss that tfjs computes. They give the costs.
 */
export async function stepSides(
  [{ model, mask, xs, ys }, other]: readonly [Prepared, Prepared],
  { steps, optimizer }: { steps: number; optimizer: () => tf.Optimizer },
): Promise<readonly Side[]> {
  const loss = weightedCrossentropy({ output: 'logits' })
  const batch = tf.slice(xs, 0, BATCH)
  const labels = tf.tensor1d(ys.slice(0, BATCH), 'float32')
  const rows = { values: Float32Array.from(ys.slice(0, BATCH)), shape: [BATCH] }
  const inputs = [batch.dataSync() as Float32Array]
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const held = maskedOptimizer(model, optimizer(), mask)
  const cost = () => loss(labels, model.apply(batch, { training: true }) as tf.Tensor)
  const dense = () => {
    const value = held.minimize(cost, true, variables)!
    const [found] = value.dataSync()
    value.dispose()
    return found!
  }
  const training = await openTraining({ ...other, optimizer: optimizer(), clipNorm: undefined })
  const { step } = training.work
  const byTensors = costByTensors((outputs) => loss(labels, outputs))
  const often = (step: () => number) => () => Float32Array.from({ length: steps }, step)
  return [
    {
      ...{ name: 'tfjsStep', call: often(dense) },
      dispose: () => {
        held.dispose()
        tf.dispose([batch, labels])
      },
    },
    {
      name: 'compiledStep',
      call: often(() => step(inputs, (outputs) => loss.onRows!(rows, outputs))),
      dispose: training.dispose,
    },
    { name: 'tensorsStep', call: often(() => step(inputs, byTensors)), dispose: () => {} },
  ]
}
