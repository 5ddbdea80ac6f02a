// How far do compiled networks differ from tfjs? The largest difference of an output, as a share of
// the largest output: over random models and graphs, and over the networks of nsfwjs with a tenth of
// their weights.
import * as tf from '@tensorflow/tfjs-core'
import { applyMask, computeMask } from 'tfjs-prune'
import { startWasm } from '../examples/support/backend.js'
import { loadNsfw } from '../test/real-models/nsfw.js'
import { differenceOf, randomCases } from '../test/sparse/support/differences.js'

async function ofNsfw(name: Parameters<typeof loadNsfw>[0], density: number): Promise<number> {
  const model = await loadNsfw(name)
  if (density < 1) applyMask(model, await computeMask(model, { density }))
  const { relative } = await differenceOf({ what: name, model, batch: 2 })
  model.dispose()
  return relative
}

/** The largest differences with tfjs on wasm, and those in the middle. */
export async function run(): Promise<void> {
  await startWasm()
  const found: number[] = []
  for (const one of randomCases(60)) {
    found.push((await differenceOf(one)).relative)
    one.model.dispose()
  }
  found.sort((a, b) => a - b)
  const line = { models: found.length, largest: found.at(-1), median: found[found.length >> 1] }
  console.log(JSON.stringify({ bench: 'sparse-differences', of: 'random', ...line }))
  for (const name of ['mobilenet_v2', 'inception_v3'] as const) {
    for (const density of [1, 0.1]) {
      const largest = await ofNsfw(name, density)
      console.log(JSON.stringify({ bench: 'sparse-differences', of: name, density, largest }))
    }
  }
  tf.disposeVariables()
}
