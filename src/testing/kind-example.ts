import {
  serialization,
  type Tensor,
  type TensorContainer,
  tensor,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core'
import type { layers } from '@tensorflow/tfjs-layers'
import { dimensionSizes } from '../layer-kinds/dimension-sizes.js'
import type { Dimension, LayerKind } from '../layer-kinds/layer-kind.js'
import { isTable, type Layout, layoutIn } from '../layer-kinds/layout.js'
import { expectThat } from './expectations.js'
import { randomValues } from './random-values.js'

type Layer = layers.Layer

/** A layer kind, and a small layer to try it on. */
export interface KindExample {
  readonly kind: LayerKind
  /**
   * Options that the layer is made with, by the class that `tf.serialization.registerClass` knows.
   * Activations should be linear where they can be, and sizes at least 2.
   */
  readonly options: Readonly<Record<string, unknown>>
  /** Shape of each input, the batch included; channels come last. */
  readonly inputShape: readonly number[]
  /** Number of inputs. @default 1 */
  readonly inputs?: number
}

/** One weight of a layer that is tried. */
export interface TriedWeight extends Layout {
  readonly role: string
  readonly shape: readonly number[]
  /** The present values: the layer's own tensor. */
  readonly read: () => Tensor
}

/** A layer with seeded values in all of its weights. */
export interface TriedLayer {
  readonly layer: Layer
  readonly weights: readonly TriedWeight[]
  /** Number of places of each dimension, by the layer's options and inputs. */
  readonly sizes: ReadonlyMap<Dimension, number>
}

/** Runs `work` with a layer of the example, in a tidy; the layer is disposed afterwards. */
export function withLayer<T extends TensorContainer>(
  example: KindExample,
  work: (tried: TriedLayer) => T,
): T {
  const layer = made(example)
  try {
    const weights = layer.weights.map((variable) => {
      const role = variable.originalName.split('/').at(-1)!
      const shape = variable.shape as number[]
      return {
        ...layoutIn(example.kind, { role, shape }),
        role,
        shape,
        read: () => variable.read(),
      }
    })
    weights.forEach((weight, i) => void setValues(layer, i, valuesFor(weight, i)))
    const sizes = sizesOf(example, { layer, weights })
    return tidy(() => work({ layer, weights, sizes }))
  } finally {
    layer.dispose()
  }
}

function made({ kind, options, inputShape, inputs = 1 }: KindExample): Layer {
  const known = serialization.SerializationMap.getMap().classNameMap[kind.className]
  expectThat(known !== undefined, 'a class known to tf.serialization.registerClass', kind.className)
  const [cls, fromConfig] = known!
  const layer = fromConfig(cls, { ...options } as serialization.ConfigDict) as unknown as Layer
  tidy(() => {
    const blanks = Array.from({ length: inputs }, () => zeros([...inputShape]))
    return layer.apply(inputs === 1 ? blanks[0]! : blanks) as Tensor
  }).dispose()
  return layer
}

/** Seeded values; variances are above 0. */
function valuesFor({ use, shape }: TriedWeight, seed: number): Tensor {
  const size = shape.reduce((product, side) => product * side, 1)
  const values = randomValues(size, 1 + seed)
  return tensor(use === 'variance' ? values.map((value) => 2 + value) : values, [...shape])
}

/** Writes values into a weight of a layer, and disposes their tensor. */
export function setValues(layer: Layer, index: number, values: Tensor): void {
  layer.weights[index]!.write(values)
  values.dispose()
}

/** Whether the channels of the example's layer may change. */
export function isOpen(
  { kind, inputShape }: Pick<KindExample, 'kind' | 'inputShape'>,
  { layer }: TriedLayer,
): boolean {
  return kind.closed?.(layer.getConfig(), inputShape.length) === undefined
}

function sizesOf(
  { kind, inputShape }: KindExample,
  { layer, weights }: Pick<TriedLayer, 'layer' | 'weights'>,
): Map<Dimension, number> {
  const { sizes = {}, gates = [] } = kind
  const config = layer.getConfig()
  const known = new Map<Dimension, number>()
  for (const [dimension, option] of Object.entries(sizes))
    known.set(dimension as Dimension, Number(config[option]))
  if (!Object.values(kind.weights).some(isTable)) known.set('in', inputShape.at(-1)!)
  if (gates.length > 0) known.set('gate', gates.length)
  const units = known.get('out')
  if (units !== undefined) known.set('state', units)
  return dimensionSizes(weights, known)
}
