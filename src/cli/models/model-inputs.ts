import type { io } from '@tensorflow/tfjs-core'

/** An input of a saved model. */
export interface ModelInput {
  readonly name: string
  /** -1 for a side that is open, such as the batch. */
  readonly shape: readonly number[]
}

interface GraphInput {
  readonly tensorShape?: { readonly dim?: readonly { readonly size?: string | number }[] }
}

/** The inputs that the topology tells: the signature of a graph, or the shapes in layer configs. */
export function modelInputs({ signature, modelTopology }: io.ModelArtifacts): ModelInput[] {
  const { inputs } = (signature ?? {}) as { readonly inputs?: Readonly<Record<string, GraphInput>> }
  if (inputs) {
    return Object.entries(inputs).map(([name, { tensorShape }]) => ({
      name,
      shape: (tensorShape?.dim ?? []).map(({ size }) => Number(size ?? -1)),
    }))
  }
  const config = (modelTopology as { readonly model_config?: unknown } | undefined)?.model_config
  return inputsOfLayers((config ?? modelTopology) as LayerJson | undefined)
}

interface LayerJson {
  readonly class_name?: string
  readonly config?: LayerConfig | readonly LayerJson[]
}

interface LayerConfig {
  readonly name?: string
  readonly batch_input_shape?: readonly (number | null)[]
  readonly layers?: readonly LayerJson[]
}

/** The layers of the model itself that have a shape of their own: inputs, or the first layer. */
function inputsOfLayers(model: LayerJson | undefined): ModelInput[] {
  const config = model?.config
  const layers = Array.isArray(config) ? config : ((config as LayerConfig)?.layers ?? [])
  return layers.flatMap((layer: LayerJson) => {
    const { name = '', batch_input_shape: sides } = (layer.config ?? {}) as LayerConfig
    const isInput = layer.class_name === 'InputLayer' || layer === layers[0]
    return sides && isInput ? [{ name, shape: sides.map((side) => side ?? -1) }] : []
  })
}
