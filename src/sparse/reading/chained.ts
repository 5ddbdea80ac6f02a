import { readingError } from '../layers/reading-error.js'
import type { LayerData, ModelData, Reference } from './model-data.js'

/** The graph of a sequential model: each layer is called once, on the outcome of the one before. */
export function chained(layers: readonly LayerData[]): ModelData {
  const [first] = layers
  if (!first) throw readingError('a sequential model with layers', 'none')
  const all = first.className === 'InputLayer' ? layers : [inputBefore(first), ...layers]
  const outcome = ({ name }: LayerData): Reference => ({ layer: name, call: 0, output: 0 })
  return {
    layers: all.map((layer, i) =>
      i === 0 ? layer : { ...layer, calls: [[outcome(all[i - 1]!)]] },
    ),
    inputs: [outcome(all[0]!)],
    outputs: [outcome(all.at(-1)!)],
  }
}

/** The input of a model whose first layer says the shape of its own. */
function inputBefore(first: LayerData): LayerData {
  const name = `${first.name}_input`
  const { batchInputShape } = firstConfig(first)
  return { name, className: 'InputLayer', config: { name, batchInputShape }, calls: [] }
}

/** The config that says the shape of the input, of the layer or of the first one within it. */
function firstConfig({ config, model }: LayerData): LayerData['config'] {
  if (!model) return config
  const input = model.layers.find(({ name }) => name === model.inputs[0]?.layer)
  return input ? firstConfig(input) : config
}
