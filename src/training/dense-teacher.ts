import type { Teaching } from '../types.js'
import { openTeaching } from './open-teaching.js'
import { type TeacherOptions, teacherOptions } from './teacher-options.js'

/**
 * Lets the sparse networks of a run learn from its dense one: for the option `teach` of `prune`.
 *
 * L = (1 - w) loss(y, z) + w T^2 (1/n) sum_o KL(softmax(t_o / T) || softmax(z_o / T))
 *
 * From round 1 on; z are the model's logits, and t those of round 0's trained network, also of a
 * run that resumes or that takes the `dense` round of another. One output z counts as the logits 0
 * and z; with a loss of several labels, each label of which it speaks is a choice by itself. The
 * training loss of a round is the whole, the model's regularisers are added to it.
 *
 * There is no second model. For a forward pass the model's variables refer to the dense weights,
 * and then to their own again. `fit` takes any loss; for samples in memory it asks once a run and
 * keeps one set of logits, float32, samples x classes, beside the data; a dataset, and samples with
 * `augment`, are taught batch by batch, at the price of a forward pass a step. Own loops find the
 * `teacher` in their context, and {@link learnFrom} makes their loss.
 *
 * @param options The teacher's share, the temperature, and how to read the outputs.
 * @returns A piece for `teach`. It throws, before any weight changes, where outputs cannot be read
 *   as those of classes: those of an autoencoder, or of a regression by its labels.
 * @throws {TypeError | RangeError} If an option is of the wrong type or out of range.
 * @see Hinton, Vinyals and Dean 2015, Distilling the knowledge in a neural network, arXiv
 *   1503.02531.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { denseTeacher, evaluateOn, fit, prune } from 'tfjs-prune'
 *
 * const hidden = layers.dense({ units: 8, activation: 'relu', inputShape: [3] })
 * const model = sequential({ layers: [hidden, layers.dense({ units: 2 })] })
 * const data = { xs: randomNormal([20, 3]), ys: Int32Array.from({ length: 20 }, (_, i) => i % 2) }
 * const { rounds } = await prune(model, {
 *   train: fit(data, { optimizer: () => train.momentum(0.01, 0.9), epochs: 2 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.5, 0.25],
 *   teach: denseTeacher(),
 * })
 * if (rounds[2]!.made?.teaching !== 'weight 0.5, temperature 4, logits') throw new Error('the defaults')
 * ```
 */
export function denseTeacher(options: TeacherOptions = {}): Teaching {
  const own = teacherOptions(options)
  return { open: (run) => openTeaching(run, { options: own }) }
}
