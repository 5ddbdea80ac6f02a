import { spearman } from './spearman.js'

/** How alike the dense and the pruned networks rank the classes of each sample. */
export interface RankCorrelations {
  /** Mean over the samples that have one. */
  readonly mean: number | null
  /** The least correlated twentieth of the samples, rounded down, the lowest first. */
  readonly lowest: readonly CorrelatedSample[]
  /** Samples without one: all classes are equally probable to one side. */
  readonly undefinedSamples: number
}

/** A sample and its rank correlation. */
export interface CorrelatedSample {
  /** Its place among the samples. */
  readonly sample: number
  readonly label: number
  /** Spearman's, in [-1, 1]. */
  readonly correlation: number
}

/** Share of the samples that are listed, as in PruneCXR. */
const SHARE = 0.05

/** Mean probabilities over the networks of a side: by class, then by sample. */
type Columns = readonly Float64Array[]

/**
 * Spearman's correlation over the classes of each sample, between the probability vectors of the
 * dense and of the pruned networks, each averaged over its networks.
 *
 * @see Holste et al.: How does pruning impact long-tailed multi-label medical image classifiers?
 *   MICCAI 2023.
 */
export function rankCorrelations(
  dense: Columns,
  pruned: Columns,
  labels: ArrayLike<number>,
): RankCorrelations {
  const found: CorrelatedSample[] = []
  for (let sample = 0; sample < labels.length; sample++) {
    const of = (columns: Columns) => columns.map((column) => column[sample]!)
    const correlation = spearman(of(dense), of(pruned))
    if (correlation !== null) found.push({ sample, label: labels[sample]!, correlation })
  }
  const sum = found.reduce((total, { correlation }) => total + correlation, 0)
  const ascending = [...found].sort((a, b) => a.correlation - b.correlation || a.sample - b.sample)
  return {
    mean: found.length > 0 ? sum / found.length : null,
    lowest: ascending.slice(0, Math.floor(SHARE * labels.length)),
    undefinedSamples: labels.length - found.length,
  }
}
