/** The plain data that page and worker send each other. */
import type { Evaluation, RoundReport } from 'tfjs-prune'

/** The data sets that ship with the page. */
export type DataName = 'tumours' | 'digits'
/** The losses that a run may train with; see `LOSSES` in words.ts. */
export type LossName = 'red' | 'black'
/** Who computes. */
export type BackendName = 'wasm' | 'webgl'
/** The parts of a data set. */
export type PartName = 'train' | 'validation' | 'test'

/** All that decides the outcome of a run. */
export interface Settings {
  /** Name of the attempt; another one begins anew and leaves the stored levels of this one alone. */
  readonly attempt: string
  readonly data: DataName
  readonly loss: LossName
  readonly backend: BackendName
  /** Most positives of the validation part that the kept network may miss. */
  readonly budget: number
  /** Levels of density, the dense one included. */
  readonly levels: number
  /** Epochs of training a level. */
  readonly epochs: number
}

/** Numbers of samples in a part. */
export interface PartFacts {
  readonly samples: number
  readonly positives: number
}

/** Grey images of one size, one after the other. */
export interface Images {
  readonly side: number
  readonly pixels: Uint8Array
}

/** Facts about a data set; `images` are those of the validation part. */
export interface DataFacts {
  readonly name: DataName
  readonly parts: Readonly<Record<PartName, PartFacts>>
  readonly images?: Images
}

/** News of a run. */
export type RunEvent =
  | {
      readonly kind: 'epoch'
      readonly level: number
      /** Finished epochs of the level. */
      readonly epoch: number
      readonly epochs: number
      readonly trainingLoss: number
    }
  | { readonly kind: 'level'; readonly report: Report }

/** A finished level without its weights. */
export type Report = RoundReport<Evaluation>

/** How a run ended. */
export type Ending = 'finished' | 'stopped'

/** One level of one run. */
export interface LevelPlace {
  readonly loss: LossName
  readonly level: number
}

/** Evaluations on the test part. */
export interface TestEvaluations {
  readonly dense: Evaluation
  readonly level: Evaluation
}

/** A model as stock tfjs stores it. */
export interface StockModel {
  readonly json: string
  readonly weights: ArrayBuffer
}

/** A model read from a file. */
export interface LoadedModel {
  readonly parameters: number
  /** Parameters that are not 0. */
  readonly alive: number
  readonly validation: Evaluation
}
