import type { io } from '@tensorflow/tfjs-core'

/** An input of a saved model. */
export interface ModelInput {
  readonly name: string
  /** -1 for a side that is open, such as the batch. */
  readonly shape: readonly number[]
}

interface Sides {
  readonly dim?: readonly { readonly size?: string | number }[]
}

interface GraphInput {
  readonly tensorShape?: Sides
}

/** A node of a graph, as far as it tells an input. */
interface Node {
  readonly name: string
  readonly op: string
  readonly attr?: { readonly shape?: { readonly shape?: Sides } }
}

/**
 * The inputs that the topology tells: the signature of a graph, its placeholders, or the shapes in
 * layer configs.
 */
export function modelInputs({ signature, modelTopology }: io.ModelArtifacts): ModelInput[] {
  const { inputs } = (signature ?? {}) as { readonly inputs?: Readonly<Record<string, GraphInput>> }
  if (inputs) {
    return Object.entries(inputs).map(([name, { tensorShape }]) => ({
      name,
      shape: sidesOf(tensorShape),
    }))
  }
  const { node } = (modelTopology ?? {}) as { readonly node?: readonly Node[] }
  if (Array.isArray(node)) return placeholders(node)
  const config = (modelTopology as { readonly model_config?: unknown } | undefined)?.model_config
  return inputsOfLayers((config ?? modelTopology) as LayerJson | undefined)
}

const sidesOf = ({ dim = [] }: Sides = {}): number[] => dim.map(({ size }) => Number(size ?? -1))

/** The inputs of a graph without a signature. */
function placeholders(nodes: readonly Node[]): ModelInput[] {
  const inputs = nodes.filter(({ op }) => op === 'Placeholder')
  return inputs.map(({ name, attr }) => ({ name, shape: sidesOf(attr?.shape?.shape) }))
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
