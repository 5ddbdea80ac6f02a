import type { LayersModel, layers } from '@tensorflow/tfjs-layers'

/** Keras JSON of a model, as far as its inputs go. */
interface ModelJson {
  readonly class_name: string
  readonly config: readonly LayerJson[] | GraphJson
}
interface GraphJson {
  readonly layers?: readonly LayerJson[]
  readonly input_layers?: readonly unknown[]
}
type LayerJson = ModelJson & { readonly name?: string; readonly config: { readonly name?: string } }

type Nested = Partial<Pick<LayersModel, 'layers' | 'inputLayers'>>

/** The Keras JSON of a model in memory, with the inputs too that no output needs. */
export function liveTopology(model: LayersModel): object {
  return withInputs(model.toJSON(null, false) as never, model)
}

/** tfjs leaves such inputs out of the JSON; the samples of the others would take their places. */
function withInputs<Json extends ModelJson>(json: Json, model: Nested): Json {
  if (!model.layers) return json
  const inner = (all: readonly LayerJson[]) =>
    all.map((one) => {
      const name = one.config.name ?? one.name
      const layer = model.layers?.find((each) => each.name === name)
      return layer ? withInputs(one, layer as layers.Layer & Nested) : one
    })
  const { config } = json
  if (Array.isArray(config)) return { ...json, config: inner(config) }
  const { layers: all, input_layers } = config as GraphJson
  if (!all) return json // a class of a user that holds layers
  if (!input_layers) return { ...json, config: { ...config, layers: inner(all) } }
  const inputs = model.inputLayers ?? []
  const missing = inputs.filter(({ name }) => !all.some((one) => one.name === name))
  return {
    ...json,
    config: {
      ...config,
      layers: [...inner(all), ...missing.map(inputJson)],
      input_layers: inputs.map(({ name }) => [name, 0, 0]),
    },
  }
}

function inputJson({ name, batchInputShape }: layers.Layer) {
  return {
    name,
    class_name: 'InputLayer',
    config: { name, batch_input_shape: batchInputShape },
    inbound_nodes: [],
  }
}
