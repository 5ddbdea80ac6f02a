// Exact selection of the highest scores: the histogram method against a sort, and against PyTorch's
// global_unstructured.
import { abs, tensor1d } from '@tensorflow/tfjs-core'
import { keepHighest } from 'tfjs-prune'
import { startWasm } from '../examples/support/backend.js'
import { bestOf, report } from './support/measure.js'
import { runPython } from './support/python.js'

const SIZES = [2_471_842, 25_000_000]
const DENSITY = 0.1

/** The plain way: sort a copy for the threshold, then mark. */
function selectBySorting(scores: Float32Array, count: number): Uint8Array {
  const threshold = scores.slice().sort()[scores.length - count]!
  return Uint8Array.from(scores, (score) => (score >= threshold ? 1 : 0))
}

export async function run(): Promise<void> {
  await startWasm()
  for (const weights of SIZES) {
    const values = Float32Array.from({ length: weights }, () => Math.random() - 0.5)
    const count = Math.round(weights * DENSITY)
    const scores = tensor1d(values)
    const previous = new Uint8Array(weights).fill(1)
    // As PyTorch's function does, from the weights to the mask: magnitude, selection, mask.
    const seconds = await bestOf(20, async () => {
      const magnitudes = abs(scores)
      keepHighest((await magnitudes.data()) as Float32Array, count, previous)
      magnitudes.dispose()
    })
    const sorting = await bestOf(2, () => selectBySorting(values.map(Math.abs), count))
    const common = { bench: 'selection', weights, subject: 'tfjs-prune', seconds }
    report({ ...common, baseline: 'sort', baselineSeconds: sorting, ratio: sorting / seconds })
    const torch = runPython<{ seconds: number }>('selection.py', [weights, DENSITY])
    if ('missing' in torch) report({ ...common, baseline: 'pytorch', missing: torch.missing })
    else
      report({
        ...common,
        baseline: 'pytorch',
        baselineSeconds: torch.seconds,
        ratio: torch.seconds / seconds,
      })
    scores.dispose()
  }
}
