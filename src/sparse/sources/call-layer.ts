import type { Tensor, tensor as tensorOf, tidy as tidyOf } from '@tensorflow/tfjs-core'
import type { layers } from '@tensorflow/tfjs-layers'
import { readingError } from '../layers/reading-error.js'
import type { Shape, Values } from '../network/network.js'
import type { CalledLayer } from '../network/source.js'

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
  const batched = inputs.map((shape) => [null, ...shape])
  const computed = layer.computeOutputShape(batched.length === 1 ? batched[0]! : batched)
  if (Array.isArray(computed[0])) {
    const got = `${computed.length} of ${path} (${layer.getClassName()})`
    throw readingError('one output of a layer that runs in tfjs', got)
  }
  const [, ...shape] = computed as (number | null)[]
  if (!shape.every((side) => Number.isInteger(side)))
    throw readingError(`a whole shape of the output of ${path}`, `[${shape.map(String)}]`)
  return {
    shape: shape as number[],
    call: (values, batch) => runLayer(layer, { values, batch, tools }),
  }
}

function runLayer(
  layer: layers.Layer,
  { values, batch, tools }: { values: readonly Values[]; batch: number; tools: TensorTools },
): Values {
  const outcome: Values[] = []
  const run = () => {
    const given = values.map((one) => tools.tensor(one.values, [batch, ...one.shape], 'float32'))
    const made = layer.apply(given.length === 1 ? given[0]! : given, { training: false }) as Tensor
    outcome.push({ values: Float32Array.from(made.dataSync()), shape: made.shape.slice(1) })
    for (const one of [...given, made]) one.dispose()
  }
  if (tools.tidy) tools.tidy(run)
  else run()
  return outcome[0]!
}
