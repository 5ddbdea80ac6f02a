// Write a report of a run to send: one HTML file with the levels, charts, the certificate and the
// sizes of the files.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  allOf,
  evaluateOn,
  falseNegativesAtMost,
  falsePositiveRateAtMost,
  fit,
  paper,
  prune,
} from 'tfjs-prune'
import { certify } from 'tfjs-prune/certify'
import { sizeReport } from 'tfjs-prune/files'
import { reportHtml } from 'tfjs-prune/report'
import { renderSvg } from 'tfjs-prune/report/vega'
import { isShort, startWasm } from './support/backend.js'
import { loadBreastCancer } from './support/breast-cancer.js'

await startWasm()
const shares = { train: 0.4, validation: 0.2, calibration: 0.4 }
const seed = 1
const data = loadBreastCancer(seed, shares)
const epochs = isShort ? 4 : 30

async function run(name: string, loss: ReturnType<typeof paper.black>) {
  const dense = (units: number, seed: number) => ({
    units,
    kernelInitializer: initializers.heNormal({ seed }),
  })
  const model = sequential({
    layers: [
      layers.dense({ ...dense(256, 1), activation: 'relu', inputShape: [30] }),
      layers.dense({ ...dense(128, 2), activation: 'relu' }),
      layers.dense(dense(2, 3)),
    ],
  })
  const optimizer = () => tf.train.momentum(0.002, 0.9)
  const result = await prune(model, {
    train: fit(data.train, { loss, optimizer, epochs, clipNorm: 5, seed }),
    evaluate: evaluateOn(data.validation, { positiveClass: 1 }),
    stop: allOf(falseNegativesAtMost(4), falsePositiveRateAtMost({ slack: 0.1 })),
  })
  return { name, model, ...result }
}

// #region report
const plain = await run('plain', paper.red())
const black = await run('class-dependent', paper.black())
const certificate = await certify(black.rounds, {
  ...{ model: black.model, calibration: data.calibration, positiveClass: 1 },
  ...{ maximumFalseNegativeRate: 0.1, maximumFalsePositiveRate: 0.3, confidence: 0.95 },
})
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

const page = await reportHtml(black, {
  title: 'Tumours missed by a pruned network',
  date: new Date(),
  render: renderSvg,
  others: [plain],
  certificate,
  sizes: await sizeReport(black.model),
  settings: { loss: 'paper.black()', shares, 'seed of data and training': seed },
  versions: { 'tfjs-prune': version, '@tensorflow/tfjs-core': tf.version_core },
})
// #endregion

const folder = fileURLToPath(new URL('./out/report/', import.meta.url))
mkdirSync(folder, { recursive: true })
writeFileSync(`${folder}report.html`, page)
console.log(`${black.reason}\nWrote ${folder}report.html, ${Buffer.byteLength(page)} bytes.`)
