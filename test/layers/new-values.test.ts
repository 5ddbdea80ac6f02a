import { matMul, relu, type Tensor, type Tensor2D, tensor, tensor2d } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { createMask, withMasks } from 'tfjs-prune'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { expect, it } from 'vitest'
import { randomValues } from '../support/weights.js'

// A backend may keep a weight prepared for its kernels by the identity of its values.
it('a masking layer computes with values that another model has used before', () => {
  if (process.env.TFJS_BACKEND === 'wasm') registerWasmGradients()
  const dense = () =>
    layers.dense({ name: 'dense', units: 8, inputShape: [8], activation: 'relu', useBias: false })
  const model = sequential({ layers: [dense()] })
  const kept = Uint8Array.from({ length: 64 }, (_, i) => Number(i % 3 === 0))
  const place = { name: 'dense/kernel', layer: 'dense', role: 'kernel', shape: [8, 8] }
  const masked = withMasks(model, createMask([{ ...place, values: kept }], 64))
  const values = Float32Array.from(randomValues(64, 5))
  const [x, w] = [tensor(randomValues(16, 6), [2, 8]), tensor(values, [8, 8])]
  model.setWeights([w])
  const whole = (model.predict(x) as Tensor).dataSync()
  const mask = tensor(kept, [8, 8], 'bool')
  masked.layers[0]!.setWeights([w, mask])
  w.dispose()
  model.dispose()
  const wanted = relu(
    matMul(
      x as Tensor2D,
      tensor2d(
        values.map((value, i) => value * kept[i]!),
        [8, 8],
      ),
    ),
  )
  const found = (masked.predict(x) as Tensor).dataSync()
  wanted.dataSync().forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, 5)
  })
  expect(Array.from(found)).not.toEqual(Array.from(whole))
})
