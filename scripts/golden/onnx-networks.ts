/**
 * Writes random networks as ONNX files into a folder, for the checker of ONNX itself: npx tsx
 * scripts/golden/onnx-networks.ts <folder> [count], then python3 scripts/golden/onnx-checker.py <folder>.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import '@tensorflow/tfjs-backend-cpu'
import fc from 'fast-check'
import { toOnnx } from '../../src/onnx/index.js'
import { buildNetwork, networkPlans } from '../../test/onnx/support/random-networks.js'

const [folder, count = '100'] = process.argv.slice(2)
if (!folder) throw new Error('Cannot write networks: expected a folder, got none')
mkdirSync(folder, { recursive: true })
const plans = fc.sample(networkPlans, { numRuns: Number(count), seed: 1 })
for (const [index, plan] of plans.entries()) {
  const network = buildNetwork(plan)
  for (const opset of [13, 17, 22])
    for (const values of ['float32', 'int8'] as const) {
      const bytes = await toOnnx(network, { opset, values })
      writeFileSync(join(folder, `${index}-${opset}-${values}.onnx`), bytes)
    }
  writeFileSync(join(folder, `${index}.json`), JSON.stringify(plan))
  network.dispose()
}
