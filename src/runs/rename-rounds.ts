import type { LayersModel } from '@tensorflow/tfjs-layers'
import { countedClass } from '../internal/counted-class.js'
import { describe } from '../internal/describe.js'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import { checkArrays } from '../rounds/check-arrays.js'
import type { Round } from '../rounds/round.js'
import type { Evaluation } from '../types.js'
import { renamer } from './renamed-round.js'

const task = 'rename the rounds'

/**
 * Gives the weights of rounds the names that they have in a model that was built anew: first to
 * first, last to last. tfjs counts layers that have no name of their own, so that the same code
 * makes other names at its second call.
 *
 * Roles, sizes and the shapes of pruned weights have to be the same, and so has the class in a counted
 * name. Layers with names of their own need none of this.
 *
 * @param rounds Finished rounds of one run.
 * @param model A model of the same layers in the same order.
 * @returns New rounds for `resume`, `dense` and `applyTrained` with this model; the arrays are those
 *   of the given rounds. They still share one W0.
 * @throws {TypeError} If `rounds` is no list of finished rounds with their typed arrays.
 * @throws {RangeError} If the weights of the model are others in number, role, size, shape or class.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { applyTrained, evaluateOn, fit, prune } from 'tfjs-prune'
 * import { renameRounds } from 'tfjs-prune/runs'
 *
 * const build = () => sequential({ layers: [layers.dense({ units: 2, inputShape: [8] })] })
 * const data = { xs: randomNormal([8, 8]), ys: [0, 1, 0, 1, 0, 1, 0, 1] }
 * const { rounds } = await prune(build(), {
 *   train: fit(data, { optimizer: () => train.sgd(0.01), epochs: 1 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.5],
 * })
 * const again = build()
 * const [, half] = renameRounds(rounds, again)
 * applyTrained(again, half!)
 * if (again.getWeights()[0]!.dataSync().filter((value) => value !== 0).length !== 8) throw new Error('half is alive')
 * ```
 */
export function renameRounds<E extends object = Evaluation>(
  rounds: readonly Round<E>[],
  model: LayersModel,
): Round<E>[] {
  if (!Array.isArray(rounds))
    throw new TypeError(`Cannot ${task}: expected a list of rounds, got ${describe(rounds)}`)
  const all = rounds as unknown as readonly Round[]
  for (const round of all) checkArrays(round, { task, parts: ['mask', 'trained', 'initial'] })
  const [first] = all
  if (!first) return []
  const names = pairNames(first, modelWeights(model))
  return all.map(renamer(names)) as unknown as Round<E>[]
}

function pairNames({ initial, mask }: Round, weights: readonly ModelWeight[]): Map<string, string> {
  const entries = Object.entries(initial)
  if (entries.length !== weights.length) {
    const wanted = `a model of ${entries.length} weights`
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${weights.length}`)
  }
  const shapes = new Map(mask.weights.map(({ name, shape }) => [name, shape]))
  return new Map(
    entries.map(([name, { length }], i) => {
      const weight = weights[i]!
      const shape = shapes.get(name)
      const role = name.slice(name.lastIndexOf('/') + 1)
      const className = countedClass(name)
      const was = [role, shape ? `[${shape.join(', ')}]` : length, className ?? weight.className]
      const size = shape ? `[${weight.shape.join(', ')}]` : weight.variable.size
      const is = [weight.role, size, weight.className]
      if (was.join(' ') === is.join(' ')) return [name, weight.name]
      const got = `${is.join(' ')} as ${weight.name}`
      throw new RangeError(`Cannot ${task}: expected ${was.join(' ')} for ${name}, got ${got}`)
    }),
  )
}
