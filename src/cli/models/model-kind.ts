import type { io } from '@tensorflow/tfjs-core'

/** The kinds of saved models: of layers, of operations, or weights without a topology. */
export type ModelKind = 'layers model' | 'graph model' | 'weights'

/** The kind of a saved model, by its topology. */
export function modelKind({ modelTopology }: io.ModelArtifacts): ModelKind {
  if (modelTopology === undefined || modelTopology === null) return 'weights'
  return Array.isArray((modelTopology as { node?: unknown }).node) ? 'graph model' : 'layers model'
}
