import type { Evaluation } from 'tfjs-prune'

/** Share of samples whose predicted class is another than their own, over all classes. */
export function wrongShare({ labels, predictions }: Evaluation): number {
  return labels!.filter((label, i) => label !== predictions![i]).length / labels!.length
}
