import { serialization, type Tensor } from '@tensorflow/tfjs-core'
import { initializers, type LayerVariable, type layers } from '@tensorflow/tfjs-layers'
import { stockKinds } from '../layer-kinds/stock-kinds.js'
import { computeMasked, type HeldWeight } from './compute-masked.js'

type Layer = layers.Layer
type LayerClass = serialization.SerializableConstructor<Layer>
type ConcreteClass = Omit<typeof layers.Layer, 'prototype'> & (new (args: MaskingArgs) => Layer)
type MaskingArgs = ConstructorParameters<typeof layers.Layer>[0] & {
  readonly maskedWeights?: readonly string[]
}
type AddWeight = (
  ...args: [string, LayerVariable['shape'], 'bool', unknown, undefined, false]
) => LayerVariable

/** A layer that holds some of its own weights at 0. */
export interface MaskingLayer extends Layer {
  readonly heldWeights: readonly HeldWeight[]
}

// The form package>class keeps the names apart from other people's masked layers, and says whose
// class is missing when a file is loaded without registration.
const PREFIX = 'tfjs-prune>'

const classes = new Map<string, LayerClass>()

/** The masking twin of a stock layer class, such as `Dense`; made once. */
export function maskingClass(stockName: string): LayerClass {
  const known = classes.get(stockName)
  if (known) return known
  const made = createMaskingClass(stockName)
  classes.set(stockName, made)
  return made
}

/** Class name of the masking twin. */
export function maskingName(stockName: string): string {
  return PREFIX + stockName
}

/** Class name of the stock layer, `undefined` for a class that is no masking one. */
export function stockName(className: string): string | undefined {
  return className.startsWith(PREFIX) ? className.slice(PREFIX.length) : undefined
}

/** Whether the layer holds weights of its own at 0. */
export function isMaskingLayer(layer: Layer): layer is MaskingLayer {
  return stockName(layer.getClassName()) !== undefined
}

function stockClass(name: string): ConcreteClass {
  const [stock] = serialization.SerializationMap.getMap().classNameMap[name]!
  return stock as unknown as ConcreteClass
}

function createMaskingClass(name: string): LayerClass {
  const stock = stockKinds.some(({ className }) => className === name)
  // Shapes, states and names of weights are those of the stock layer. Only its reading of weights
  // is masked.
  const Masking = class extends stockClass(name) implements MaskingLayer {
    static className = maskingName(name)
    readonly #roles: readonly string[]
    heldWeights: HeldWeight[] = []

    constructor(args: MaskingArgs) {
      super(args)
      this.#roles = (args.maskedWeights ?? []).map(toSnakeCase)
    }

    override build(inputShape: Parameters<Layer['build']>[0]): void {
      super.build(inputShape)
      const holder = (this as { cell?: Layer }).cell ?? this
      this.heldWeights = this.#roles.map((role) => addMask(holder, role, this.name))
    }

    override call(
      inputs: Tensor | Tensor[],
      kwargs: Parameters<Layer['call']>[1],
    ): Tensor | Tensor[] {
      return computeMasked(this.heldWeights, () => super.call(inputs, kwargs), { stock })
    }

    // Regularizers see the masked weights too: the derivative of |w| in tfjs is -1 at 0 and would
    // move pruned ones.
    override addLoss(losses: Parameters<Layer['addLoss']>[0]): void {
      const list = Array.isArray(losses) ? losses : [losses]
      super.addLoss(list.map((loss) => () => computeMasked(this.heldWeights, loss)))
    }

    override getConfig(): serialization.ConfigDict {
      return { ...super.getConfig(), maskedWeights: [...this.#roles] }
    }
  }
  return Masking as unknown as LayerClass
}

/** Adds the mask of one weight, all kept, to the layer or cell that has the weight. */
function addMask(holder: Layer, role: string, layer: string): HeldWeight {
  const weight = holder.weights.find(({ originalName }) => originalName.split('/').at(-1) === role)
  if (!weight)
    throw new TypeError(
      `Cannot build the layer ${layer}: expected a weight ${role} to mask, got none`,
    )
  const { addWeight } = holder as unknown as { addWeight: AddWeight }
  const mask = addWeight.call(
    holder,
    `${role}_mask`,
    weight.shape,
    'bool',
    initializers.ones(),
    undefined,
    false,
  )
  return { weight, mask }
}

/** tfjs turns `recurrent_kernel` into `recurrentKernel` when it loads a model. */
function toSnakeCase(role: string): string {
  return role.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
