import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import type { Loss } from '../types.js'

/** Options of `aucPairwise`. */
export interface AucPairwiseOptions {
  /**
   * Margin m by which a positive should score above a negative. Finite, above 0.
   *
   * @default 1
   */
  readonly margin?: number
  /**
   * Weight of the loss: one number, or one per class for the ranking problem of each. With two
   * classes there is one problem, that of the positive class, and only its number counts. Finite,
   * at least 0.
   *
   * @default 1
   */
  readonly weights?: number | readonly number[]
  /**
   * Class that must not be missed. With more than two classes, each has its turn.
   *
   * @default 1
   */
  readonly positiveClass?: number
  /**
   * The outputs of the model: raw scores, or those of a sigmoid or softmax. `'auto'`: as the model
   * says, in `fit` and wherever else the model is known; logits where the loss is called by itself.
   * Logits are better: a probability near 0 or 1 has lost digits of its score, and beyond 1e-7 all
   * of it.
   *
   * @default 'auto'
   */
  readonly output?: 'auto' | 'logits' | 'probabilities'
  /**
   * How it is computed. `'pairs'`: a matrix `[n, n]` per ranking problem, on the device,
   * differentiable as often as one likes. `'scan'`: a sort and a scan, O(n log n) in float64 on the
   * host, with its own first gradient; reads the scores back with `dataSync`, so that it needs a
   * backend that allows this and waits for a GPU. `'auto'`: pairs while the matrices have at most
   * 1,024^2 entries in all, which are 1,024 samples with two classes and 591 with three; above, the
   * scan.
   *
   * @default 'auto'
   */
  readonly form?: 'auto' | 'pairs' | 'scan'
}

/** A loss over pairs of samples; as a {@link Loss} it weighs all samples alike. */
export interface PairwiseLoss extends Loss {
  /**
   * `sampleWeights` is `[n]` or `[n, 1]`, finite, at least 0; a sample of weight 0 counts as
   * absent.
   */
  (yTrue: Tensor, yPred: Tensor, sampleWeights?: Tensor): Scalar
}
