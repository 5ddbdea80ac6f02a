import { input, type LayersModel, layers, model } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { modelWeights } from '../../../src/internal/model-weights.js'
import { assignValues } from '../../../src/internal/weight-values.js'
import { through } from '../../support/through.js'
import { fillWeights, randomValues } from '../../support/weights.js'
import { ACTIVATIONS, BLOCKS, type Kind, type Settings } from './network-blocks.js'

/** A network as plain data, so that a counterexample can be read. */
export interface NetworkPlan extends Settings {
  readonly input: Kind
  readonly blocks: readonly string[]
  readonly seed: number
}

const SHAPES: Readonly<Record<Kind, number[]>> = {
  ...{ row: [6], tokens: [5], line: [7, 3], masked: [7, 3] },
  ...{ image: [6, 5, 2], frames: [3, 4, 3, 2] },
}

/** Tokens are whole numbers below it. */
export const TOKENS = 5

/** Names of blocks that follow one on the other, each picked by a number. */
function blocksFor(kind: Kind, picks: readonly number[]): readonly string[] {
  let at = kind
  return picks.map((pick) => {
    const names = Object.keys(BLOCKS[at])
    const name = names[pick % names.length]!
    at = BLOCKS[at][name]!.to
    return name
  })
}

const kinds: readonly Kind[] = [
  'row',
  'tokens',
  'line',
  'line',
  'masked',
  'image',
  'image',
  'frames',
]

/** Plans of networks of one to five blocks. */
export const networkPlans: fc.Arbitrary<NetworkPlan> = fc
  .record({
    input: fc.constantFrom(...kinds),
    picks: fc.array(fc.nat(9999), { minLength: 1, maxLength: 5 }),
    width: fc.integer({ min: 1, max: 4 }),
    activation: fc.constantFrom(...ACTIVATIONS),
    seed: fc.nat(999),
  })
  .map(({ picks, ...plan }) => ({ ...plan, blocks: blocksFor(plan.input, picks) }))

/** Plans of one block each: every block on every kind. */
export const singlePlans: readonly NetworkPlan[] = Object.entries(BLOCKS).flatMap(
  ([kind, blocks]) =>
    Object.keys(blocks).map((name) => ({
      ...{ input: kind as Kind, blocks: [name] },
      ...{ width: 3, activation: 'tanh' as const, seed: 1 },
    })),
)

/** Builds the network of a plan with seeded weights. The caller disposes it. */
export function buildNetwork({ input: kind, blocks, seed, ...settings }: NetworkPlan): LayersModel {
  const inputs = input({ shape: SHAPES[kind], name: 'x' })
  let [x, at] = [inputs, kind]
  for (const name of blocks) {
    const block = BLOCKS[at][name]!
    x = block.apply(x, settings)
    at = block.to
  }
  const flat = x.shape.length > 2 ? through(layers.flatten(), x) : x
  const outputs = [through(layers.dense({ units: 2, name: 'y' }), flat)]
  if (at === 'image') outputs.push(through(layers.globalAveragePooling2d({}), x))
  const made = fillWeights(model({ inputs, outputs }), seed)
  // A variance below 0 has no root.
  for (const { role, variable } of modelWeights(made)) {
    if (role !== 'moving_variance') continue
    const values = randomValues(variable.size, seed)
    assignValues(
      variable,
      values.map((value) => Math.abs(value) + 0.1),
    )
  }
  return made
}
