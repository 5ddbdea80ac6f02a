import { layers } from '@tensorflow/tfjs-layers'

type Layer = layers.Layer

/** Options with which each class can be made; a class passes over those that it has not. */
const options = () => {
  const name = 'stock'
  const cell = layers.simpleRNNCell({ name, units: 1 })
  return {
    ...{ name, cell, units: 1, filters: 1, kernelSize: 1, inputDim: 1, outputDim: 1 },
    ...{ n: 1, rate: 0.5, stddev: 1, dims: [1], targetShape: [1], axes: 1, scale: 1, offset: 0 },
    ...{
      numTokens: 2,
      cropping: 1,
      height: 1,
      width: 1,
      layer: layers.simpleRNN({ name, units: 1 }),
    },
  }
}

let known: ReadonlyMap<string, unknown> | undefined

/** The classes of this copy of tfjs-layers that its factories make, by their names. */
function stockClasses(): ReadonlyMap<string, unknown> {
  if (known) return known
  const classes = new Map<string, unknown>()
  const args = options()
  for (const factory of Object.values(layers) as ((args: object) => unknown)[]) {
    // `layers` also holds Layer and other classes to extend, and a few that need more.
    try {
      const made = factory(args)
      if (made instanceof layers.Layer) classes.set(made.getClassName(), made.constructor)
    } catch {}
  }
  known = classes
  return classes
}

/**
 * Whether a layer bears the name of a stock class of this copy of tfjs-layers, and is none. Of the
 * layers of another copy nothing is known.
 */
export function bearsStockName(layer: Layer): boolean {
  const stock = layer instanceof layers.Layer && stockClasses().get(layer.getClassName())
  return Boolean(stock) && stock !== layer.constructor
}
