import { engine, getGradient, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { maskingOf } from '../../../internal/masked-weights.js'
import { type MaskData, maskData } from './mask-data.js'

/** One step of a forward pass, as tfjs remembers it for the way back. */
type TapeNode = NonNullable<ReturnType<typeof engine>['state']['activeTape']>[number]

/** Which input of a product is the weight, and which of the saved tensors meets its gradient. */
const products: Readonly<Record<string, readonly [weight: string, saved: number]>> = {
  Conv2D: ['filter', 0],
  BatchMatMul: ['b', 0],
  // The closures of the fused operations, which save [filter, x, ...] and [a, b, ...].
  fusedConv2d__op: ['1', 1],
  fusedMatMul__op: ['1', 0],
}

/** Operations whose output is their input in another shape. */
const views = new Set(['Reshape', 'Identity'])

/**
 * The gradients of tfjs, as they are before any call of this library: others that were registered
 * in their place are not known.
 */
const stockGradients = /* @__PURE__ */ new Map(
  [...Object.keys(products), ...views].map((name) => [name, getGradient(name)?.gradFunc]),
)

const known = new WeakMap<object, ReadonlyMap<unknown, object>>()

/**
 * The mask that the gradient of a weight goes through before anybody sees it, if `saved` is the
 * tensor that tfjs saved for that gradient.
 *
 * The identity of the saved tensor tells, for each step of the forward pass saves one of its own;
 * its values may be those of any number of tensors. Undefined within gradients of gradients, where
 * others see the gradient.
 */
export function maskingOfNode(saved: TensorInfo): MaskData | undefined {
  const { activeTape, gradientDepth } = engine().state
  if (gradientDepth > 0 || !activeTape) return undefined
  const found = known.get(activeTape) ?? maskingOfTape(activeTape)
  known.set(activeTape, found)
  return maskData(found.get(saved))
}

/** By the saved tensors of products, the masks. */
function maskingOfTape(tape: readonly TapeNode[]): ReadonlyMap<unknown, object> {
  const sources = new Map<number, Tensor | undefined>()
  const sourceOf = (tensor: Tensor | undefined) =>
    tensor && sources.has(tensor.id) ? sources.get(tensor.id) : tensor
  const met = new Set<number>()
  const found = new Map<unknown, object>()
  for (const { kernelName, inputs, outputs, saved } of tape) {
    const isStock = getGradient(kernelName)?.gradFunc === stockGradients.get(kernelName)
    const [weight, index] = (isStock && products[kernelName]) || []
    const source = weight && sourceOf(inputs[weight])
    const mask = source && maskingOf(source, tape)
    if (mask) found.set(saved![index!], mask)
    if (isStock && views.has(kernelName)) sources.set(outputs[0]!.id, sourceOf(inputs.x))
    for (const each of Object.values(inputs)) if (each) met.add(each.id)
    // An own gradient that hands on its input as it is sees the gradients of all later uses.
    for (const { id } of outputs) if (met.has(id)) sources.set(id, undefined)
    for (const { id } of outputs) met.add(id)
  }
  return found
}
