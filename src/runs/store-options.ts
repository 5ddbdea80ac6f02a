import type { OptionChecks } from '../internal/check-options.js'
import { oneOf } from '../internal/option-checks.js'

/** Options of the stores of runs. */
export interface StoreOptions {
  /**
   * Layers of the stored run are those of the same names, or those at the same places of the model:
   * for models that are built anew with layers that have no name of their own. Shapes and classes
   * have to be the same. @default 'byName'
   */
  readonly layers?: 'byName' | 'byPosition'
  /**
   * The model comes with the W0 of the stored run, or with any weights: the run goes on from the
   * stored ones, as where initializers have no seed. @default 'given'
   */
  readonly initial?: 'given' | 'stored'
}

export const storeChecks: OptionChecks<StoreOptions> = {
  layers: oneOf('byName', 'byPosition'),
  initial: oneOf('given', 'stored'),
}
