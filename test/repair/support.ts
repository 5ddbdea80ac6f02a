import { tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { expect } from 'vitest'
import { createMask, type Mask } from '../../src/masks/mask.js'

/** The network, mask and samples of a golden case. */
interface Case {
  readonly samples: readonly number[]
  readonly dense: readonly (readonly number[])[]
  readonly biases: readonly (readonly number[])[]
  readonly kept: readonly (readonly number[])[]
}

/** Dense `first` 6-5 (relu) and `second` 5-3. */
export function modelOf({ dense, biases }: Case): LayersModel {
  const model = sequential({
    layers: [
      layers.dense({ name: 'first', units: 5, activation: 'relu', inputShape: [6] }),
      layers.dense({ name: 'second', units: 3 }),
    ],
  })
  const shapes: [number, number][] = [
    [6, 5],
    [5, 3],
  ]
  const values = shapes.flatMap((shape, i) => [
    tensor2d([...dense[i]!], shape),
    tensor1d([...biases[i]!]),
  ])
  model.setWeights(values)
  for (const value of values) value.dispose()
  return model
}

export function maskOf({ kept }: Case): Mask {
  const shapes = [
    [6, 5],
    [5, 3],
  ]
  const weights = ['first', 'second'].map((layer, i) => {
    const place = { name: `${layer}/kernel`, layer, role: 'kernel', shape: shapes[i]! }
    return { ...place, values: Uint8Array.from(kept[i]!) }
  })
  return createMask(weights, 53)
}

export function samplesOf({ samples }: Case) {
  const rows = samples.length / 6
  const xs = Array.from({ length: rows }, (_, i) => samples.slice(6 * i, 6 * i + 6))
  return { xs, ys: xs.map((_, i) => i % 3) }
}

/** Whether all values differ by at most `share` of the largest one. */
export function expectNear(
  values: ArrayLike<number>,
  wanted: ArrayLike<number>,
  share: number,
): void {
  expect(values.length).toBe(wanted.length)
  const scale = Array.from(wanted).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const off = Array.from(wanted, (value, i) => Math.abs(value - values[i]!))
  expect(Math.max(...off) / scale).toBeLessThan(share)
}
