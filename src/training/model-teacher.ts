import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { checkModel } from '../internal/check-model.js'
import { containerOf } from '../internal/model-graph.js'
import { readWeights } from '../internal/weight-values.js'
import type { Teaching } from '../types.js'
import { openTeaching } from './open-teaching.js'
import { checkTeacher, type TeacherOptions, task } from './teacher-options.js'

/**
 * Lets the sparse networks of a run learn from another model: for the option `teach` of `prune`.
 *
 * As {@link denseTeacher}, with t the logits of that model. It is asked as it is, in inference, and
 * neither changed nor disposed; it may end in a softmax where the model puts out logits, and the
 * other way round. A run that resumes knows it by its weights.
 *
 * @param teacher A trained model with inputs and outputs of the same shapes.
 * @param options The teacher's share, the temperature, and how to read the outputs.
 * @returns A piece for `teach`. It throws, before any weight changes, where shapes or outputs do not
 *   fit, names of inputs or outputs are the model's in another order, the teacher is stateful, or
 *   has a weight of the model that is trained.
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
  checkTeacher(options)
  const own = { ...options }
  return {
    open: async (run) => {
      checkAlike(teacher, run.model)
      const opened = openTeaching(run, { options: own, other: teacher })
      return { ...opened, description: `${opened.description}, ${await describeModel(teacher)}` }
    },
  }
}

/** Throws unless another model can stand for the model itself. */
function checkAlike(teacher: LayersModel, model: LayersModel): void {
  const refuse = (wanted: string, got: string) =>
    new RangeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
  const trained = new Set(model.trainableWeights)
  if (teacher.weights.some((weight) => trained.has(weight)))
    throw refuse('a model with weights of its own', 'one with weights that are trained')
  if (teacher.stateful) throw refuse('a teacher without states', 'a stateful one')
  for (const side of ['inputs', 'outputs'] as const) {
    const [order, found] = [model, teacher].map((one) => containerOf(one)[NAMES[side]])
    if (isReordered(order!, found!)) {
      const remedy = 'make one by model({ inputs, outputs }) from its tensors'
      const got = `${found!.join(', ')}: ${remedy}`
      throw refuse(`a teacher with ${side} in the model's order ${order!.join(', ')}`, got)
    }
    const [own, others] = [model[side], teacher[side]]
    if (own.length === others.length && own.every((one, i) => isAlike(one, others[i]!))) continue
    const [wanted, got] = [own, others].map((all) => all.map(shapeOf).join(', '))
    throw refuse(`a teacher with ${side} of shape ${wanted} as the model has`, got!)
  }
}

const NAMES = { inputs: 'inputNames', outputs: 'outputNames' } as const

/** Whether names are the same in another order: their places would mix up inputs or outputs. */
function isReordered(names: readonly string[], others: readonly string[]): boolean {
  const [own, found] = [names, others].map((all) => [...all].sort().join())
  return own === found && names.join() !== others.join()
}

/** Whether a teacher takes, or gives, tensors of the model's shape. */
function isAlike({ shape }: SymbolicTensor, { shape: others }: SymbolicTensor): boolean {
  const fits = (size: number | null, i: number) => others[i] === null || others[i] === size
  return shape.length === others.length && shape.every(fits)
}

const shapeOf = ({ shape }: SymbolicTensor) => `[${shape.map((size) => size ?? 'n').join(', ')}]`

/** A model by the sum of the squares of its weights: names differ from process to process. */
async function describeModel(model: LayersModel): Promise<string> {
  let squares = 0
  for (const values of Object.values(await readWeights(model)))
    for (const value of values) squares += value ** 2
  return `a model of ${squares.toPrecision(6)}`
}
