import { mul, type Tensor, tensor, tensor1d } from '@tensorflow/tfjs-core'
import { randomStream } from '../internal/random.js'
import type { Dimension } from '../layer-kinds/layer-kind.js'

import { placeAlong, taken } from './dimension-places.js'
import { expectThat } from './expectations.js'
import { type KindExample, setValues, type TriedLayer, withLayer } from './kind-example.js'
import { distance, inputsFor, outputOf, ROWS } from './kind-outputs.js'

const ELEMENTS = 6
const ROUNDING = 1e-5

/**
 * Moves some elements of each weight, one at a time: outputs of other units have to stay, and those
 * of a kernel's own if the input that it reads is 0.
 */
export function movesOnlyItsOwn(example: KindExample): void {
  const random = randomStream(5)
  withLayer(example, (tried) => {
    tried.weights.forEach(({ role, shape }, index) => {
      if (example.kind.weights[role] === undefined) return
      const size = shape.reduce((product, side) => product * side, 1)
      for (let count = 0; count < ELEMENTS; count++)
        tryElement(example, { tried, index, element: random.below(size) })
    })
  })
}

interface Trial {
  readonly tried: TriedLayer
  readonly index: number
  readonly element: number
}

function tryElement(example: KindExample, trial: Trial): void {
  const { tried, index } = trial
  const { role, use, makes } = tried.weights[index]!
  const { outputs = ['out'], recurrent } = example.kind
  const at = placesOf(trial)
  const inputs = inputsFor(example)
  const isRead = use === 'kernel' && at.has('in')
  const shown = isRead ? inputs.map((input) => only(input, at.get('in')!, true)) : inputs
  const [before, after] = movedBy(trial, shown)
  const moved = distance(before, after)
  const isLookedUp = (at.get('row') ?? 0) < ROWS
  // A weight of another use, such as a slope for inputs below 0, may show or not.
  if (use !== 'other' || !isLookedUp) {
    const wanted = `the outputs to ${isLookedUp ? 'move' : 'stay'} with an element of ${role}`
    expectThat(moved > ROUNDING === isLookedUp, wanted, moved)
  }
  if (isRead) {
    const [still, same] = movedBy(
      trial,
      inputs.map((input) => only(input, at.get('in')!, false)),
    )
    const apart = distance(still, same)
    expectThat(apart < ROUNDING, `no output to move by ${role} where its input is 0`, apart)
  }
  if (recurrent || makes.join() !== outputs.join()) return
  const others = otherOutputs(before.shape.at(-1)!, { outputs, at, sizes: tried.sizes })
  if (others.length === 0) return
  const axis = before.rank - 1
  const apart = distance(taken(before, others, axis), taken(after, others, axis))
  expectThat(apart < ROUNDING, `outputs of other units to stay when ${role} moves`, apart)
}

/** Place of an element along each dimension of its weight; none along a shared side of 1. */
function placesOf({ tried: { weights, sizes }, index, element }: Trial): Map<Dimension, number> {
  const { shape, axes } = weights[index]!
  const places = new Map<Dimension, number>()
  let inner = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const place = Math.floor(element / inner) % shape[axis]!
    const names = axes[axis]!
    const known = names.reduce((product, name) => product * (sizes.get(name) ?? 1), 1)
    if (known === shape[axis])
      for (const name of names) places.set(name, placeAlong(name, place, { names, sizes })!)
    inner *= shape[axis]!
  }
  return places
}

/** Outputs before and after an element is moved by 1; it is as it was afterwards. */
function movedBy({ tried, index, element }: Trial, inputs: readonly Tensor[]): [Tensor, Tensor] {
  const { shape, read } = tried.weights[index]!
  const before = outputOf(tried, inputs)
  const values = read().dataSync() as Float32Array
  const moved = values.slice()
  moved[element]! += 1
  setValues(tried.layer, index, tensor(moved, [...shape]))
  const after = outputOf(tried, inputs)
  setValues(tried.layer, index, tensor(values.slice(), [...shape]))
  return [before, after]
}

/** The input with one channel alone, or with all others alone. */
function only(input: Tensor, channel: number, isAlone: boolean): Tensor {
  const channels = input.shape.at(-1)!
  const shown = Array.from({ length: channels }, (_, at) => Number((at === channel) === isAlone))
  return mul(input, tensor1d(shown))
}

/** Places of the output that belong to other units than an element's. */
function otherOutputs(
  side: number,
  {
    outputs,
    at,
    sizes,
  }: Pick<TriedLayer, 'sizes'> & {
    readonly outputs: readonly Dimension[]
    readonly at: ReadonlyMap<Dimension, number>
  },
): number[] {
  if (outputs.some((name) => !at.has(name))) return []
  const all = Array.from({ length: side }, (_, place) => place)
  return all.filter((place) =>
    outputs.some((name) => placeAlong(name, place, { names: outputs, sizes }) !== at.get(name)),
  )
}
