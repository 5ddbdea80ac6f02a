import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from '../internal/check-model.js'
import { readWeights } from '../internal/weight-values.js'
import type { Teaching } from '../types.js'
import { matchTeacher } from './match-teacher.js'
import { openTeaching } from './open-teaching.js'
import { type TeacherOptions, task, teacherOptions } from './teacher-options.js'

/**
 * Lets the sparse networks of a run learn from another model: for the option `teach` of `prune`.
 *
 * As {@link denseTeacher}, with t the logits of that model. It is asked as it is, in inference, and
 * neither changed nor disposed; it may end in a softmax where the model puts out logits, and the
 * other way round. A run that resumes knows it by its weights.
 *
 * Where inputs or outputs of both have the same names, these pair them, whatever their order. The
 * teacher may have layers in common with the model that are neither trained nor pruned, such as a
 * frozen base under two heads.
 *
 * @param teacher A trained model with inputs and outputs of the same shapes.
 * @param options The teacher's share, the temperature, and how to read the outputs.
 * @returns A piece for `teach`. It throws, before any weight changes, where shapes or outputs do not
 *   fit, the teacher is stateful, or has a weight of the model that is trained or pruned.
 * @throws {TypeError | RangeError} If `teacher` is no model, or an option is of the wrong type or
 *   out of range.
 * @see Hinton, Vinyals and Dean 2015, Distilling the knowledge in a neural network, arXiv
 *   1503.02531.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, modelTeacher, oneShot, prune } from 'tfjs-prune'
 *
 * const make = (units: number) => {
 *   const hidden = layers.dense({ units, activation: 'relu', inputShape: [3] })
 *   return sequential({ layers: [hidden, layers.dense({ units: 2 })] })
 * }
 * const data = { xs: randomNormal([20, 3]), ys: Int32Array.from({ length: 20 }, (_, i) => i % 2) }
 * const large = make(64) // trained before
 * const { rounds } = await prune(make(8), {
 *   train: fit(data, { optimizer: () => train.momentum(0.01, 0.9), epochs: 2 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: oneShot(0.5),
 *   teach: modelTeacher(large, { weight: 0.7 }),
 * })
 * if (rounds.length !== 2) throw new Error('the second round learns from the large model')
 * ```
 */
export function modelTeacher(teacher: LayersModel, options: TeacherOptions = {}): Teaching {
  checkModel(teacher, task)
  const own = teacherOptions(options)
  return {
    open: async (run) => {
      const opened = openTeaching(run, { options: own, other: matchTeacher(teacher, run) })
      return { ...opened, description: `${opened.description}, ${await describeModel(teacher)}` }
    },
  }
}

/** A model by the sum of the squares of its weights: names differ from process to process. */
async function describeModel(model: LayersModel): Promise<string> {
  let squares = 0
  for (const values of Object.values(await readWeights(model)))
    for (const value of values) squares += value ** 2
  return `a model of ${squares.toPrecision(6)}`
}
