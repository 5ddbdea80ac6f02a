import type { LayersModel } from '@tensorflow/tfjs-layers'

/** Throws a TypeError for a model with several outputs. */
export function checkOneOutput({ outputs: { length } }: LayersModel, task: string): void {
  if (length === 1) return
  throw new TypeError(`Cannot ${task}: expected a model with one output, got ${length}`)
}
