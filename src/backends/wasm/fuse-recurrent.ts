import { getKernel, registerKernel } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { asKernelFunc } from './engine/backend.js'
import { type FusedLayers, type Fusing, fuseLayers } from './fuse-layers.js'
import { cellKindOf } from './recurrent/cell-kind-of.js'
import { fusedCall } from './recurrent/fused-call.js'
import { RECURRENCE, recurrence } from './recurrent/recurrence.js'
import { RECURRENCE_GRADIENT, recurrenceGradient } from './recurrent/recurrence-gradient.js'
import type { RecurrentLayer } from './recurrent/recurrent-layer.js'

const fusing: Fusing<RecurrentLayer> = {
  task: 'fuse recurrent layers',
  kind: 'recurrent layers',
  isOne: (layer): layer is RecurrentLayer => Boolean((layer as Partial<RecurrentLayer>).cell),
  reasonAgainst: (layer) => {
    const kind = cellKindOf(layer)
    return typeof kind === 'string' ? kind : undefined
  },
  callOf: fusedCall,
}

/**
 * Runs each LSTM, GRU and SimpleRNN layer of a model as one kernel forth and one back for all steps
 * of the sequence. tfjs makes thousands of kernel calls for 28 steps of training.
 *
 * Holds for all that calls the layers of this model from now on: `model.fit`, `fit`, `prune`, own
 * loops, `predict`. Layers in nested models, `Bidirectional` and `TimeDistributed` are found. Copies
 * of the model, such as a loaded one, are not fused. Outputs and gradients are those of tfjs to 1e-5
 * of their size: of kernel, recurrent kernel, bias, inputs and first states. Sequences of one step
 * have gradients too, which tfjs lacks.
 *
 * Fuses stock layers, and the masking ones of `withMasks`, with the activations tanh, sigmoid, hardSigmoid, relu and linear. A layer runs
 * as before, and `left` says why, if it returns its states, is stateful, has dropout, another
 * activation or another cell. A fused layer runs as before by itself in calls with a mask, on
 * another backend, and in gradients of gradients; take its outputs within the inner gradient, for
 * the fused kernel itself has no second derivative. Call `registerWasmGradients` too, for faster
 * products.
 *
 * @param model The model, of inputs `[batch, steps, channels]` in float32 where a layer is to run
 *   fused. Its layers get a `call` of their own; its weights are not changed.
 * @returns The paths of the fused layers, those left with the reasons, and the way back.
 * @throws {TypeError} If it is no model, or has no recurrent layer.
 * @throws {Error} If the wasm backend is not in use.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-wasm'
 * import { randomNormal, setBackend } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { fuseRecurrent, registerWasmGradients } from 'tfjs-prune/backends/wasm'
 *
 * await setBackend('wasm')
 * registerWasmGradients()
 * const gru = layers.gru({ units: 8, inputShape: [6, 4], recurrentInitializer: 'glorotNormal' })
 * const model = sequential({ layers: [gru, layers.dense({ units: 2 })] })
 * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
 * const { fused, restore } = fuseRecurrent(model)
 * if (fused.length !== 1) throw new Error('the layer runs as before')
 * await model.fit(randomNormal([16, 6, 4]), randomNormal([16, 2]), { epochs: 2, verbose: 0 })
 * restore()
 * ```
 */
export function fuseRecurrent(model: LayersModel): FusedLayers {
  const outcome = fuseLayers(model, fusing)
  registerKernels()
  return outcome
}

function registerKernels(): void {
  const kernels = { [RECURRENCE]: recurrence, [RECURRENCE_GRADIENT]: recurrenceGradient }
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    if (getKernel(kernelName, 'wasm')) continue
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc: asKernelFunc(kernel) })
  }
}
