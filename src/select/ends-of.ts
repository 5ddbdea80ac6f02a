import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { containerOf, nestedIn } from '../internal/model-graph.js'
import type { ModelWeight } from '../internal/model-weights.js'
import { type GraphWalker, walkGraph } from '../internal/walk-graph.js'
import { layerCall } from '../layer-kinds/layer-call.js'
import { isTable, kindWeight } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'

/** Where a tensor comes from: the last layers with a kernel before it, or an input of the model. */
type Source = layers.Layer | 'input'

/** The first layers behind the inputs of a model, and the last ones before its outputs. */
export interface Ends {
  readonly first: ReadonlySet<Source>
  readonly last: ReadonlySet<Source>
}

/**
 * The layers at the ends of a model: those whose kernels an input reaches through no other kernel,
 * and those from which an output is reached through no other. Tables are no kernels here: they are
 * looked up, and the kernel behind one is the first.
 */
export function endsOf(model: LayersModel, weights: readonly ModelWeight[]): Ends {
  const kernels = weights.filter(multipliesInputs)
  const owners = new Set(kernels.map(({ owner }) => owner))
  const container = containerOf(model)
  const first = new Set<Source>()
  const inputs = container.inputs.map((): readonly Source[] => ['input'])
  const walker: GraphWalker<readonly Source[]> = {
    call: (node, given) => {
      const { workers, outputs } = layerCall(node)
      // A model within TimeDistributed.
      const nested = nestedIn(workers[0])
      if (nested) return walkGraph(nested, given, walker)
      const before = [...new Set(given.flat())]
      const own = workers.filter((worker) => owners.has(worker))
      if (before.includes('input')) for (const layer of own) first.add(layer)
      return outputs.map(() => (own.length > 0 ? own : before))
    },
  }
  return { first, last: new Set(walkGraph(container, inputs, walker).flat()) }
}

function multipliesInputs({ className, role }: ModelWeight): boolean {
  const weight = kindWeight(registeredKind(className), role)
  return weight?.use === 'kernel' && !isTable(weight)
}
