import type { LayersModel } from '@tensorflow/tfjs-layers'
import { fusedNormCall } from './batch-norm/fused-norm-call.js'
import { isNorm, type NormLayer, reasonAgainst } from './batch-norm/norm-layer.js'
import { type FusedLayers, type Fusing, fuseLayers } from './fuse-layers.js'

const fusing: Fusing<NormLayer> = {
  task: 'fuse batch norms',
  kind: 'batch norms',
  isOne: isNorm,
  reasonAgainst,
  callOf: fusedNormCall,
}

/**
 * Runs each batch norm of a model in training as three passes forth and two back over the images.
 * tfjs takes 13.
 *
 * Holds for all that calls the layers of this model from now on: `model.fit`, `fit`, `prune`, own
 * loops. Layers in nested models and `TimeDistributed` are found. Copies of the model, such as a
 * loaded one, are not fused. Outputs, moving statistics and gradients are those of tfjs to 1e-5 of
 * their size: of scale, shift and inputs. In predictions, and where a frozen layer works as in
 * inference, nothing changes.
 *
 * Fuses stock layers of `[batch, ..., channels]`. A layer runs as before, and `left` says why, if it
 * has another axis than the last, no gamma or no beta, or a class that extends the stock one. A fused layer runs as before by itself on another backend, for
 * inputs of another dtype than float32, and in gradients of gradients. Call `registerWasmGradients`
 * too, for faster passes of tfjs.
 *
 * @param model The model. Its layers get a `call` of their own; its weights are not changed.
 * @returns The paths of the fused layers, those left with the reasons, and the way back.
 * @throws {TypeError} If it is no model, or has no batch norm.
 * @throws {Error} If the wasm backend is not in use.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-wasm'
 * import { randomNormal, setBackend } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { fuseBatchNorms, registerWasmGradients } from 'tfjs-prune/backends/wasm'
 *
 * await setBackend('wasm')
 * registerWasmGradients()
 * const convolution = layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 1] })
 * const rest = [layers.batchNormalization(), layers.flatten(), layers.dense({ units: 2 })]
 * const model = sequential({ layers: [convolution, ...rest] })
 * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
 * const { fused, restore } = fuseBatchNorms(model)
 * if (fused.length !== 1) throw new Error('the layer runs as before')
 * await model.fit(randomNormal([16, 8, 8, 1]), randomNormal([16, 2]), { epochs: 2, verbose: 0 })
 * restore()
 * ```
 */
export function fuseBatchNorms(model: LayersModel): FusedLayers {
  return fuseLayers(model, fusing)
}
