// npx tsx bench/support/speed/print-case.ts NETWORK: measures one network in a process of its own,
// a JSON line a figure.
import { arch, cpus, platform } from 'node:os'
import { startStockWasm } from '../../../examples/support/backend.js'
import { report } from '../measure.js'
import { findOnnxRuntime } from '../onnx/onnx-runtime.js'
import { cases } from './cases.js'
import { measureLimits } from './limits.js'
import { measureCase } from './measure-case.js'

const [, , network = ''] = process.argv
const found = cases[network]
if (!found) throw new Error(`Expected one of ${Object.keys(cases).join(', ')}, got ${network}`)
await startStockWasm()
if (found.onnx && !(await findOnnxRuntime()))
  console.error('onnxruntime-node is not installed: it is left out of the figures')
const limits = await measureLimits()
const processor = `${cpus().length} cores of ${cpus()[0]!.model.trim()}`
const host = `${processor}, ${platform()} ${arch()}, Node ${process.version}`
for await (const figure of measureCase(found, limits)) report({ ...figure, ...limits, host })
