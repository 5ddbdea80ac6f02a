import type { Evaluation, RoundRecall } from '../types.js'

/**
 * Recall of each class that has samples, and the class of the lowest; nothing where labels or
 * predictions are not told, or not one for each.
 */
export function recallsOf({ labels, predictions }: Partial<Evaluation>): {
  recalls?: readonly RoundRecall[]
  worstClass?: RoundRecall
} {
  if (!labels?.length || labels.length !== predictions?.length) return {}
  const counts = new Map<number, { samples: number; found: number }>()
  for (const [i, label] of labels.entries()) {
    const { samples, found } = counts.get(label) ?? { samples: 0, found: 0 }
    counts.set(label, { samples: samples + 1, found: found + Number(predictions[i] === label) })
  }
  const recalls = [...counts]
    .sort(([a], [b]) => a - b)
    .map(([label, { samples, found }]) => ({ class: label, samples, recall: found / samples }))
  const worstClass = recalls.reduce((low, one) => (one.recall < low.recall ? one : low))
  return { recalls, worstClass }
}
