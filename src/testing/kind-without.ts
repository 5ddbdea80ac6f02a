import { mul, type Tensor, tensor, tensor1d } from '@tensorflow/tfjs-core'
import type { Dimension } from '../layer-kinds/layer-kind.js'
import { isTable } from '../layer-kinds/layout.js'
import { type Gone, placesLeft, taken } from './dimension-places.js'
import { expectSame, expectThat } from './expectations.js'
import { isOpen, type KindExample, setValues, type TriedLayer, withLayer } from './kind-example.js'
import { expectClose, inputsFor, outputOf } from './kind-outputs.js'

const GONE = 1

/** Throws unless a layer with one unit less computes the others. */
export function computesWithoutUnit(example: KindExample): void {
  const { kind, options } = example
  const { outputs = ['out'], sizes: names = {} } = kind
  if (!outputs.includes('out')) return
  expectThat(names.out !== undefined, 'an option that holds the size of out', names.out)
  withLayer(example, (tried) => {
    if (!isOpen(example, tried)) return
    const units = tried.sizes.get('out')!
    expectThat(units > GONE, `options with at least ${GONE + 1} units`, units)
    if (kind.recurrent) rest(tried)
    const inputs = inputsFor(example)
    const whole = outputOf(tried, inputs)
    const left = { ...example, options: { ...options, [names.out!]: units - 1 } }
    const small = withLayer(left, (less) => {
      copyCut(tried, less, { dimensions: ['out', 'state'], place: GONE })
      return outputOf(less, inputs)
    })
    const gone = { dimensions: ['out'] as const, place: GONE }
    const places = placesLeft(whole.shape.at(-1)!, outputs, { sizes: tried.sizes, gone })
    expectClose(small, taken(whole, places, whole.rank - 1), 'the outputs of the other units')
  })
}

/** All weights that make one unit are 0 from now on. */
function rest({ layer, weights, sizes }: TriedLayer): void {
  const gone: Gone = { dimensions: ['out'], place: GONE }
  weights.forEach(({ axes, shape, read }, i) => {
    const axis = axes.findIndex((names) => names.includes('out'))
    if (axis < 0) return
    const alive = placesLeft(shape[axis]!, axes[axis]!, { sizes, gone })
    const mask = Array.from({ length: shape[axis]! }, (_, place) => Number(alive.includes(place)))
    const sides = shape.map((side, other) => (other === axis ? side : 1))
    setValues(layer, i, mul(read(), tensor(mask, sides)))
  })
}

/** Throws unless a layer with one input less computes the same as with one that is 0. */
export function computesWithoutInput(example: KindExample): void {
  const { kind, inputShape } = example
  const { outputs = ['out'], passes = 'same', weights } = kind
  if (Object.values(weights).some(isTable)) return
  withLayer(example, (tried) => {
    if (!isOpen(example, tried)) return
    const channels = inputShape.at(-1)!
    expectThat(channels > GONE, `inputs with at least ${GONE + 1} channels`, channels)
    const gone: Gone = { dimensions: ['in'], place: GONE }
    const left = placesLeft(channels, ['in'], { sizes: tried.sizes, gone })
    const alive = tensor1d(Array.from({ length: channels }, (_, at) => Number(left.includes(at))))
    const inputs = inputsFor(example).map((input) => mul(input, alive))
    const whole = outputOf(tried, inputs)
    const cut = inputs.map((input) => taken(input, left, input.rank - 1))
    const less = { ...example, inputShape: [...inputShape.slice(0, -1), channels - 1] }
    const small = withLayer(less, (narrow) => {
      copyCut(tried, narrow, gone)
      return outputOf(narrow, cut)
    })
    const side = whole.shape.at(-1)!
    const places =
      passes === 'same'
        ? placesLeft(side, outputs, { sizes: tried.sizes, gone })
        : Array.from({ length: side }, (_, at) => at).filter((at) => at % channels !== GONE)
    expectClose(small, taken(whole, places, whole.rank - 1), 'the outputs of the other inputs')
  })
}

/** Gives a smaller layer the values of a larger one without the places that go. */
function copyCut(from: TriedLayer, to: TriedLayer, gone: Gone): void {
  const sources = new Map(from.weights.map((weight) => [weight.role, weight]))
  to.weights.forEach(({ role, shape }, i) => {
    const { axes, read } = sources.get(role)!
    const values = axes.reduce<Tensor>(
      (all, names: readonly Dimension[], axis) =>
        taken(all, placesLeft(all.shape[axis]!, names, { sizes: from.sizes, gone }), axis),
      read(),
    )
    expectSame(values.shape, [...shape], `the shape that is left of ${role}`)
    setValues(to.layer, i, values.clone())
  })
}
