import type { Tensor, tensor as tensorOf, tidy as tidyOf } from '@tensorflow/tfjs-core'
import type { layers } from '@tensorflow/tfjs-layers'
import { readingError } from '../layers/reading-error.js'
import type { Shape, Values } from '../network/network.js'
import type { CalledLayer } from '../network/source.js'
import { holdsOne } from './layer-places.js'

/** Functions of tfjs that run a layer in it. */
export interface TensorTools {
  /** `tensor` of tfjs-core. */
  readonly tensor: typeof tensorOf
  /** Disposes the tensors that layers leave behind. @default inputs and outputs are disposed */
  readonly tidy?: typeof tidyOf | undefined
}

/** Lets tfjs run a layer on samples of given shapes. */
export function calledLayer(
  layer: layers.Layer,
  { path, inputs, tools }: { path: string; inputs: readonly Shape[]; tools: TensorTools },
): CalledLayer {
  if (holdsOne(layer, ({ stateful }) => stateful)) {
    const wanted = 'layers that keep no states between batches; run the model in tfjs'
    throw readingError(wanted, `${path} (${layer.getClassName()}) with stateful: true`)
  }
  const batched = inputs.map((shape) => [null, ...shape])
  const computed = layer.computeOutputShape(batched.length === 1 ? batched[0]! : batched)
  if (Array.isArray(computed[0])) {
    const got = `${computed.length} of ${path} (${layer.getClassName()})`
    throw readingError('one output of a layer that runs in tfjs', got)
  }
  const [, ...shape] = computed as number[]
  if (!shape.every(Number.isInteger))
    throw readingError(`a whole shape of the output of ${path}`, `[${shape.map(String)}]`)
  return {
    shape,
    call: (values, batch) => {
      const made = runLayer(layer, { values, batch, tools })
      const [wanted, got] = [[batch, ...shape], made.shape].map((one) => `[${one.join(', ')}]`)
      if (wanted === got) return { values: made.values, shape }
      throw new RangeError(
        `Cannot predict: expected ${path} to give ${wanted} in tfjs, as it tells its shape, got ` +
          `${got}; run the model in tfjs`,
      )
    },
  }
}

/** The outcome, its shape with the batch. */
function runLayer(
  layer: layers.Layer,
  { values, batch, tools }: { values: readonly Values[]; batch: number; tools: TensorTools },
): Values {
  const outcome: Values[] = []
  const run = () => {
    const given = values.map((one) => tools.tensor(one.values, [batch, ...one.shape], 'float32'))
    try {
      const made = layer.apply(given.length === 1 ? given[0]! : given, {
        training: false,
      }) as Tensor
      outcome.push({ values: Float32Array.from(made.dataSync()), shape: made.shape })
      if (!('assign' in made)) made.dispose() // a variable is the layer's own
    } finally {
      for (const one of given) one.dispose()
    }
  }
  if (tools.tidy) tools.tidy(run)
  else run()
  return outcome[0]!
}
