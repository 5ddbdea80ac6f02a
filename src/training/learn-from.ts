import type { Scalar } from '@tensorflow/tfjs-core'
import type { TaughtBatch, Teacher } from '../types.js'

/**
 * The loss of a batch with a teacher's part in it, for training loops of your own: `fit` does the
 * same by itself.
 *
 * L = (1 - w) cost + w T^2 sum_heads (1/n) sum_o KL(softmax(t_o / T) || softmax(z_o / T))
 *
 * t are the teacher's logits, which have no gradient, and z those of the model; n counts the
 * samples, or the labels of all samples where each label is a choice by itself. The outputs of a
 * model with several are summed up, as their losses usually are.
 *
 * @param teacher That of the training context; undefined in round 0 and without `teach`.
 * @param batch The caller's loss, the model's outputs and the teacher's logits.
 * @returns The scalar to minimise, which the caller disposes: `cost` itself without a teacher.
 * @throws {TypeError} If the teacher's logits are left out, or do not fit the outputs.
 * @see Hinton, Vinyals and Dean 2015, Distilling the knowledge in a neural network, arXiv
 *   1503.02531.
 *
 * @example
 * ```ts
 * import { randomNormal, type Tensor, tensor1d, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { denseTeacher, evaluateOn, learnFrom, prune, weightedCrossentropy } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
 * const [xs, ys] = [randomNormal([8, 4]), tensor1d([0, 1, 0, 1, 0, 1, 0, 1])]
 * const loss = weightedCrossentropy()
 * const result = await prune(model, {
 *   train: ({ hold, teacher }) => {
 *     const optimizer = hold(train.sgd(0.1))
 *     for (let step = 0; step < 5; step++) {
 *       const logits = teacher?.logits(xs)
 *       optimizer.minimize(() => {
 *         const outputs = model.apply(xs, { training: true }) as Tensor
 *         return learnFrom(teacher, { cost: loss(ys, outputs), outputs, logits })
 *       })
 *       for (const one of logits ?? []) one.dispose()
 *     }
 *     optimizer.dispose()
 *   },
 *   evaluate: evaluateOn({ xs, ys }, { positiveClass: 1 }),
 *   schedule: [1, 0.5],
 *   teach: denseTeacher({ weight: 0.5, temperature: 4 }),
 * })
 * if (result.rounds.length !== 2) throw new Error('the dense round, and one that learned from it')
 * ```
 */
export function learnFrom(teacher: Teacher | undefined, batch: TaughtBatch): Scalar {
  return teacher ? teacher.blend(batch) : batch.cost
}
