/**
 * A sample that the pruned networks call another class than the dense ones: a pruning-identified
 * exemplar.
 */
export interface Exemplar {
  /** Its place among the samples. */
  readonly sample: number
  /** Its class. */
  readonly label: number
  /** The class that most of the dense networks say. */
  readonly dense: number
  /** The class that most of the pruned networks say. */
  readonly pruned: number
  /** Share of the dense networks that say theirs. */
  readonly denseShare: number
  /** Share of the pruned networks that say theirs. */
  readonly prunedShare: number
}

interface Voting {
  readonly labels: ArrayLike<number>
  readonly classes: number
}

/**
 * The samples whose modal prediction differs between the dense and the pruned networks, in their
 * order. Of classes that are said equally often, the one of the lowest index counts.
 */
export function exemplarsOf(
  dense: readonly ArrayLike<number>[],
  pruned: readonly ArrayLike<number>[],
  { labels, classes }: Voting,
): Exemplar[] {
  const [before, after] = [modesOf(dense, classes), modesOf(pruned, classes)]
  const found: Exemplar[] = []
  for (let sample = 0; sample < labels.length; sample++) {
    const [was, is] = [before.modes[sample]!, after.modes[sample]!]
    if (was === is) continue
    found.push({
      ...{ sample, label: labels[sample]!, dense: was, pruned: is },
      denseShare: before.votes[sample]! / dense.length,
      prunedShare: after.votes[sample]! / pruned.length,
    })
  }
  return found
}

/** The class that each sample is called most often, and how often. */
function modesOf(networks: readonly ArrayLike<number>[], classes: number) {
  const samples = networks[0]!.length
  const [modes, votes] = [new Uint32Array(samples), new Uint32Array(samples)]
  const counts = new Uint32Array(classes)
  for (let i = 0; i < samples; i++) {
    counts.fill(0)
    for (const predictions of networks) counts[predictions[i]!]!++
    const mode = counts.indexOf(counts.reduce((most, count) => Math.max(most, count), 0))
    modes[i] = mode
    votes[i] = counts[mode]!
  }
  return { modes, votes }
}
