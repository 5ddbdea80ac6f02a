// A run that lasts: end it with Ctrl+C or kill -9 and start it again, and it goes on from its last
// epoch, to the same bits. npx tsx examples/stored-run.ts [folder]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  allOf,
  evaluateOn,
  falseNegativesAtMost,
  falsePositiveRateAtMost,
  fit,
  prune,
} from 'tfjs-prune'
import { folderStore, loadRounds, toCsv } from 'tfjs-prune/runs'
import { isShort, startWasm } from './support/backend.js'
import { loadBreastCancer } from './support/breast-cancer.js'
import { printLedger } from './support/ledger.js'

await startWasm()
const { train, validation } = loadBreastCancer(1)
const [given] = process.argv.slice(2)
const folder = given ?? mkdtempSync(join(tmpdir(), 'stored-run-'))

// The same model at each start: layers with names, initializers with seeds.
const dense = (name: string, units: number, seed: number) =>
  layers.dense({
    ...{ name, units, activation: name === 'out' ? ('linear' as const) : ('relu' as const) },
    kernelInitializer: initializers.heNormal({ seed }),
    ...(name === 'hidden' && { inputShape: [30] }),
  })
const model = sequential({ layers: [dense('hidden', 64, 1), dense('out', 2, 2)] })

const store = folderStore(folder)
console.log(`${(await loadRounds(store)).length} rounds are finished in ${folder}`)
const { rounds, kept, reason } = await prune(model, {
  train: fit(train, {
    optimizer: () => tf.train.adam(0.001),
    epochs: isShort ? 4 : 40,
    checkpointEvery: isShort ? 2 : 5,
  }),
  evaluate: evaluateOn(validation, { positiveClass: 1 }),
  stop: allOf(falseNegativesAtMost(2), falsePositiveRateAtMost({ slack: 0.05 })),
  store,
  onProgress: (event) => {
    if (event.kind === 'round-finished') console.log(`round ${event.round} is kept`)
  },
})
printLedger('Breast cancer', rounds, kept?.round)
console.log(reason)
writeFileSync(join(folder, 'ledger.csv'), toCsv(rounds))

const again = await loadRounds(store)
if (again.length !== rounds.length) throw new Error('all rounds are in the folder')
if (given === undefined) rmSync(folder, { recursive: true })
