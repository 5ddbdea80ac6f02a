import { activationReaders } from './advanced-activations.js'
import { convolutionReaders } from './convolutions.js'
import { denseReaders } from './dense.js'
import { depthwiseReaders } from './depthwise.js'
import type { LayerReader } from './layer-reader.js'
import { mergingReaders } from './merging.js'
import { normalisationReaders } from './normalisation.js'
import { placeReaders } from './places.js'
import { poolingReaders } from './pooling.js'
import { recurrentReaders } from './recurrent.js'
import { transposedReaders } from './transposed.js'

const readers: Readonly<Record<string, LayerReader>> = {
  ...denseReaders,
  ...convolutionReaders,
  ...depthwiseReaders,
  ...transposedReaders,
  ...poolingReaders,
  ...normalisationReaders,
  ...activationReaders,
  ...placeReaders,
  ...mergingReaders,
  ...recurrentReaders,
}

/** The reader of a layer class; undefined for a class that is not known. */
export function readerOf(className: string): LayerReader | undefined {
  return Object.hasOwn(readers, className) ? readers[className] : undefined
}
