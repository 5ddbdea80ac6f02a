import type { LayersModel, layers } from '@tensorflow/tfjs-layers'

/** One call of a layer in the graph that a model was built from. */
export type GraphNode = LayersModel['nodesByDepth'][string][number]

/** A holder of a graph: a model, or the one inside a sequential model. */
export type Container = Pick<LayersModel, 'inputs' | 'outputs' | 'nodesByDepth' | 'layers'>

/** A sequential model keeps its graph in a model inside, made when it is first used. */
export function containerOf(model: LayersModel): Container {
  if (model.getClassName() !== 'Sequential') return model
  const sequential = model as LayersModel & { model?: LayersModel; build: () => void }
  if (!sequential.model) sequential.build()
  return sequential.model!
}

/** The graph of a layer that is a model. */
export function nestedIn(layer: layers.Layer): Container | undefined {
  return Array.isArray((layer as Partial<Container>).layers)
    ? containerOf(layer as never)
    : undefined
}
