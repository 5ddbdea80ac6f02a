import type { Evaluation } from '../types.js'

/** Most classes that are named. */
const MOST = 5

/**
 * Why a network counts as collapsed, in words: it never calls a sample one of the classes that there
 * are, or orders the samples no better than by lot. Undefined where it does neither, or where that
 * is not told.
 */
export function collapseOf(evaluation: Partial<Evaluation>): string | undefined {
  const { labels, predictions, confusion, auc = Number.NaN } = evaluation
  if (predictions && labels) {
    const said = new Set(predictions)
    const lost = [...new Set(labels)].filter((label) => !said.has(label)).sort((a, b) => a - b)
    if (lost.length > 0)
      return said.size === 1
        ? `it calls every sample class ${predictions[0]}`
        : `it calls no sample class ${lost.slice(0, MOST).join(', ')}${more(lost.length - MOST)}`
  } else if (!predictions && confusion) {
    const { truePositives, falseNegatives, falsePositives, trueNegatives } = confusion
    const both = truePositives + falseNegatives > 0 && falsePositives + trueNegatives > 0
    if (both && truePositives + falsePositives === 0) return 'it calls every sample negative'
    if (both && trueNegatives + falseNegatives === 0) return 'it calls every sample positive'
  }
  if (!(auc <= 0.5)) return undefined
  return auc === 0.5 ? 'its AUC is 0.5' : `its AUC is ${Number(auc.toPrecision(3))}, below 0.5`
}

const more = (count: number) => (count > 0 ? ` and ${count} more` : '')
