import { cast, div, equal, mean, reshape, sqrt, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import type { ModelWeight } from '../internal/model-weights.js'
import type { Statistic } from '../types.js'
import { channelsLast, sumInputProducts, sumSquaredInputs } from './layer-inputs.js'
import { observeLayers } from './observe-layers.js'
import { type Running, runningSums } from './running-sums.js'

const OWN: readonly Statistic[] = ['inputNorm', 'inputProducts', 'zeroShare']

/** Whether a statistic is one of layers' inputs or outputs. */
export function isOfInputs(statistic: Statistic): boolean {
  return OWN.includes(statistic)
}

/** What layers take in and put out, batch after batch. */
export function inputStatistics(
  model: LayersModel,
  { weights, statistics }: { weights: readonly ModelWeight[]; statistics: readonly Statistic[] },
): Running {
  const sums = runningSums()
  const counts = new Map<string, number>()
  const wanted = new Set(weights.map(({ owner }) => owner as layers.Layer))
  const count = (key: string, by: number) => counts.set(key, (counts.get(key) ?? 0) + by)
  const look = (weight: ModelWeight, input: Tensor, output: Tensor) => {
    const key = (statistic: Statistic) => `${weight.name} ${statistic}`
    if (statistics.includes('inputNorm')) sums.add(key('inputNorm'), sumSquaredInputs(weight, input))
    if (statistics.includes('inputProducts')) {
      const { sum, count: rows } = sumInputProducts(weight, input)
      sums.add(key('inputProducts'), sum)
      count(key('inputProducts'), rows)
    }
    if (statistics.includes('zeroShare')) {
      sums.add(key('zeroShare'), zeroShare(weight, output))
      count(key('zeroShare'), 1)
    }
  }
  return {
    look: ({ xs }) => {
      observeLayers(model, [xs].flat(), {
        wanted,
        visit: ({ layer, input, output }) => {
          for (const weight of weights) if (weight.owner === layer) look(weight, input, output)
        },
      })
    },
    end: ({ name }, statistic) => {
      const key = `${name} ${statistic}`
      const total = sums.of(key)
      if (!total) {
        const wantedLayer = 'a layer that the outputs of the model depend on'
        throw new RangeError(`Cannot gather ${statistic} of ${name}: expected ${wantedLayer}, got another`)
      }
      return statistic === 'inputNorm' ? sqrt(total) : div(total, counts.get(key)!)
    },
    dispose: sums.dispose,
  }
}

/** Share of zeros of each unit, along the last axis of a weight whose units the output has. */
function zeroShare({ name, owner, shape }: ModelWeight, output: Tensor): Tensor {
  const last = channelsLast(owner, output)
  const units = last.shape.at(-1)!
  const shares = mean(cast(equal(reshape(last, [-1, units]), 0), 'float32'), 0)
  // A depthwise kernel [..., channels, multiplier] has a unit for each pair.
  if (owner.getClassName().endsWith('DepthwiseConv2D')) {
    return reshape(shares, [...shape.slice(0, -2).map(() => 1), ...shape.slice(-2)])
  }
  if (units !== shape.at(-1)) {
    const wanted = `a layer with ${shape.at(-1)} outputs as the weight has units`
    throw new RangeError(`Cannot gather zeroShare of ${name}: expected ${wanted}, got ${units}`)
  }
  return reshape(shares, [...shape.slice(0, -1).map(() => 1), units])
}
