/** One rate that a certificate bounds, and the calibration samples that it is counted on. */
export interface PromisedRate {
  /** The rate in words, such as `misses of class 3`. */
  readonly of: string
  /** The class whose samples are counted; left out where the rate is not that of a class. */
  readonly class?: number
  /** Largest rate that is promised, in (0, 1). */
  readonly maximumRate: number
  /** Calibration samples that are counted. */
  readonly samples: number
}

/** The exact binomial test of one promised rate. */
export interface RateTest {
  /** Calibration samples with the event. */
  readonly events: number
  /** events / samples. */
  readonly rate: number
  /**
   * P(Bin(samples, maximumRate) <= events): the chance of so few events at the largest rate or
   * more.
   */
  readonly pValue: number
  /** pValue <= 1 - confidence. */
  readonly passed: boolean
}

/** One round: its tests on the calibration samples, one for each promised rate. */
export interface TestedRound {
  /** Number of the round; 0 is the dense network. */
  readonly round: number
  /** Kept share of the prunable weights. */
  readonly density: number
  /** One test for each promised rate, in the order of `promises`. */
  readonly tests: readonly RateTest[]
  /** Whether all tests passed, on a decision rule that is feasible. */
  readonly passed: boolean
}

/** A certificate on rates that are counted: plain data that goes through JSON unchanged. */
export interface RateCertificate<Tested extends TestedRound = TestedRound> {
  readonly version: 1
  readonly kind: 'classes' | 'agreement' | 'positives'
  /**
   * Probability, over the draw of the calibration samples, that all promised rates hold; delta is
   * 1 - confidence.
   */
  readonly confidence: number
  /** Rounds that were offered, tested or not. */
  readonly levels: number
  /** The rates that are promised, all of them together. */
  readonly promises: readonly PromisedRate[]
  /** The rounds tested, dense to sparse, up to the first that failed. */
  readonly tested: readonly Tested[]
  /** The last round that passed; null when the first one failed: then nothing is promised. */
  readonly accepted: Tested | null
  /** Why, in words with the numbers. */
  readonly reason: string
  /** Facts that would void the promise. */
  readonly voidedBy: readonly string[]
}

/** Facts that no computation can see, for the reader of a certificate to judge. */
export const RATES_VOIDED_BY: readonly string[] = [
  'the calibration samples were used for training, for choosing a rule or the rounds, or for another certificate',
  'the rounds or their number were chosen after a look at the calibration samples',
  'weights, decision rule, preprocessing or the way outputs are computed changed since, quantisation included',
  'new samples are not drawn independently from the source of the calibration samples, such as repeats of one patient',
]
