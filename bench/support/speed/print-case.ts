// npx tsx bench/support/speed/print-case.ts NETWORK: measures one network in a process of its own,
// a JSON line a figure.
import { arch, cpus, platform } from 'node:os'
import { startStockWasm, startWasm } from '../../../examples/support/backend.js'
import { report } from '../measure.js'
import { findOnnxRuntime } from '../onnx/onnx-runtime.js'
import { trainingCases } from '../training/cases.js'
import { measureTraining } from '../training/measure-training.js'
import { cases } from './cases.js'
import { measureLimits } from './limits.js'
import { measureCase } from './measure-case.js'

const [, , network = ''] = process.argv
const running = cases[network]
const training = trainingCases[network]
if (!(running || training)) {
  const known = Object.keys({ ...cases, ...trainingCases }).join(', ')
  throw new Error(`Expected one of ${known}, got ${network}`)
}
await (training ? startWasm() : startStockWasm())
if (running?.onnx && !(await findOnnxRuntime()))
  console.error('onnxruntime-node is not installed: it is left out of the figures')
const limits = await measureLimits()
const processor = `${cpus().length} cores of ${cpus()[0]!.model.trim()}`
const host = `${processor}, ${platform()} ${arch()}, Node ${process.version}`
const figures = training ? measureTraining(training, limits) : measureCase(running!, limits)
for await (const figure of figures) report({ ...figure, ...limits, host })
