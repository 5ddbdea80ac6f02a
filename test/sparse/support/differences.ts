import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { compileSparse } from 'tfjs-prune/sparse'
import { buildGraph, graphPlans } from '../../shrink/random-graphs.js'
import { buildModel, type ModelPlan, modelPlans } from '../../support/random-models.js'
import { randomValues } from '../../support/weights.js'
import { prunedWeights } from './compare.js'

/** A model with an input for it. */
export interface Case {
  readonly what: string
  readonly model: LayersModel
  /** Samples a call. */
  readonly batch: number
  /** Whole numbers below this, where the input is tokens. */
  readonly tokens?: number
}

/** What a compiled network and tfjs make of the same inputs. */
export interface Difference {
  /** The largest, as a share of the largest output. */
  readonly relative: number
  /** Layers that tfjs ran. */
  readonly foreign: number
}

export async function differenceOf({ model, batch, tokens }: Case): Promise<Difference> {
  const network = await compileSparse(model, { tfjs: tf })
  const values = network.inputs.map((shape, i) => {
    const size = batch * shape.reduce((product, side) => product * side, 1)
    const drawn = randomValues(size, 5 + i)
    return tokens ? drawn.map((value) => Math.floor(((value + 1) / 2) * tokens) % tokens) : drawn
  })
  const made = [network.predict(values)].flat() as Float32Array[]
  const wanted = tf.tidy(() => {
    const inputs = values.map((one, i) => tf.tensor(one, [batch, ...network.inputs[i]!]))
    const outputs = [model.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat() as tf.Tensor[]
    return outputs.map((output) => Float32Array.from(output.dataSync()))
  })
  const relative = wanted.map((one, i) => {
    const largest = one.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30)
    return (
      one.reduce((most, value, k) => Math.max(most, Math.abs(value - made[i]![k]!)), 0) / largest
    )
  })
  const foreign = network.stats.steps.filter(({ way }) => way === 'tfjs').length
  network.dispose()
  return { relative: Math.max(...relative), foreign }
}

/** Stock tfjs has no batch norm of volumes, and its transposed ones on wasm differ between calls. */
const isSound = ({ input, blocks }: ModelPlan) => {
  const unsound = ['nested', 'batchNormalization', 'transposed']
  return input !== 'volume' || !blocks.some((block) => unsound.includes(block))
}

/** Seeded models of layers in a row, and of graphs with residuals, a third of their weights gone. */
export function* randomCases(count: number, seed = 1): Generator<Case> {
  const plans = fc.sample(modelPlans.filter(isSound), { numRuns: count, seed })
  const graphs = fc.sample(graphPlans, { numRuns: count, seed })
  for (let i = 0; i < count; i++) {
    const plan = plans[i]!
    yield {
      what: JSON.stringify(plan),
      model: prunedWeights(buildModel(plan), plan.seed),
      batch: 1 + ((plan.seed * 7) % 20),
      ...(plan.input === 'tokens' && { tokens: 5 }),
    }
    const graph = graphs[i]!
    yield {
      what: JSON.stringify(graph),
      model: prunedWeights(buildGraph(graph), graph.seed),
      batch: 1 + ((graph.seed * 7) % 20),
    }
  }
}
