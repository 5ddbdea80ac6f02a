import { activationWriters } from './activations.js'
import { denseWriters } from './dense.js'
import type { LayerWriter } from './layer-writer.js'

const writers: Readonly<Record<string, LayerWriter>> = { ...activationWriters, ...denseWriters }

/** The writer of a class; undefined for a class that ONNX is not taught. */
export function writerOf(className: string): LayerWriter | undefined {
  return Object.hasOwn(writers, className) ? writers[className] : undefined
}
