import type { Evaluation } from '../types.js'

/**
 * Why a network counts as collapsed, in words: it calls samples of several classes one class, or
 * orders them no better than by lot. Undefined where it does neither, or where that is not told.
 */
export function collapseOf(evaluation: Partial<Evaluation>): string | undefined {
  const { labels, predictions, confusion, auc } = evaluation
  const [first] = predictions ?? []
  if (first !== undefined && predictions!.every((one) => one === first)) {
    if (labels?.some((label) => label !== labels[0])) return `it calls every sample class ${first}`
  } else if (!predictions && confusion) {
    const { truePositives, falseNegatives, falsePositives, trueNegatives } = confusion
    const both = truePositives + falseNegatives > 0 && falsePositives + trueNegatives > 0
    if (both && truePositives + falsePositives === 0) return 'it calls every sample negative'
    if (both && trueNegatives + falseNegatives === 0) return 'it calls every sample positive'
  }
  return auc === 0.5 ? 'its AUC is 0.5' : undefined
}
