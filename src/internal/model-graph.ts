import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'

/** One call of a layer in the graph that a model was built from. */
export type GraphNode = LayersModel['nodesByDepth'][string][number]

/** A holder of a graph: a model, or the one inside a sequential model. */
export type Container = Pick<
  LayersModel,
  'inputs' | 'inputNames' | 'outputs' | 'outputNames' | 'nodesByDepth' | 'layers'
>

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

/** The calls of a graph, each behind those that it needs. */
export function nodesInOrder({ nodesByDepth }: Container): GraphNode[] {
  const depths = Object.keys(nodesByDepth).map(Number)
  return depths.sort((a, b) => b - a).flatMap((depth) => nodesByDepth[depth]!)
}

/** Whether the node stands for an input of its model. */
export function isInput({ outboundLayer }: GraphNode): boolean {
  return outboundLayer.getClassName() === 'InputLayer'
}

/** Number of channels of a tensor; 0 where it is not known or there is no axis but the batch. */
export function channelsOf({ shape }: SymbolicTensor): number {
  return shape.length > 1 ? (shape.at(-1) ?? 0) : 0
}
