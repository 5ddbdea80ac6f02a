import type { io } from '@tensorflow/tfjs-core'
import type { Mask } from '../../masks/mask.js'
import type { SelectableWeight } from '../../select/selector.js'
import type { Elements } from './elements.js'

/** A weight as a file stores it. */
export interface SavedWeight extends SelectableWeight {
  readonly dtype: string
  /** The name in the file, by which tfjs finds the weight. */
  readonly savedName: string
  /**
   * When it is stored in fewer bits: unless a selector says otherwise, if one names it, or never.
   */
  readonly narrows: 'by default' | 'on request' | 'never'
}

/** A weight in the bytes of a file that holds it in fewer bits already. */
export interface QuantisedWeight {
  readonly spec: io.WeightsManifestEntry
  readonly bytes: ArrayBuffer
}

/** A model that is read, whatever it came from. Nothing of it changes until it is closed. */
export interface OpenedModel {
  /** All but the weights. */
  readonly parts: io.ModelArtifacts
  /** In the model's order. */
  readonly weights: readonly SavedWeight[]
  /** The mask that prunes some of them. */
  readonly mask: Mask | undefined
  /** The values of a weight: of texts their bytes, each with its length in front. */
  readonly valuesOf: (weight: SavedWeight) => Promise<Elements>
  /** The same as it lies in the source, if that has it in 8 or 16 bits. */
  readonly quantised: (weight: SavedWeight) => QuantisedWeight | undefined
  readonly close: () => void
}
