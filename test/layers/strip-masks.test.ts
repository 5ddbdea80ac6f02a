import { execFileSync } from 'node:child_process'
import { io } from '@tensorflow/tfjs-core'
import { constraints, layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { stripMasks } from '../../src/layers/strip-masks.js'
import { withMasks } from '../../src/layers/with-masks.js'
import {
  bitsOf,
  fillWeights,
  nothingRevived,
  outputBits,
  randomMask,
  randomTensor,
  tangledModel,
} from './models.js'
import { artifactsOf } from './save-models.js'

const loader = `
import '@tensorflow/tfjs-backend-cpu'
import { env, io, serialization, setBackend, tensor } from '@tensorflow/tfjs-core'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
env().set('PROD', true)
await setBackend('cpu')
const { artifacts, weights, x } = JSON.parse(process.argv[1])
const weightData = new Uint8Array(weights).buffer
const model = await loadLayersModel(io.fromMemory({ ...artifacts, weightData }))
const outputs = model.predict(x.map((rows) => tensor(rows)))
const classes = Object.keys(serialization.SerializationMap.getMap().classNameMap)
console.log(JSON.stringify({
  outputs: outputs.map((y) => [...new Uint32Array(y.dataSync().slice().buffer)]),
  registered: classes.filter((name) => name.includes('prune')),
}))
`

describe('stripMasks', () => {
  const x = () => [randomTensor([3, 4], 5), randomTensor([3, 4], 6)]

  it('stripMasks yields stock layers only, weights pruned to +0 and the same outputs to the last bit', () => {
    const model = tangledModel()
    const mask = randomMask(model, () => true)
    const masked = withMasks(model, mask)
    const stripped = stripMasks(masked)
    expect(stripped.toJSON()).toBe(model.toJSON())
    expect(stripped.getWeights().map(({ shape }) => shape)).toEqual(
      model.getWeights().map(({ shape }) => shape),
    )
    expect(nothingRevived(stripped, mask)).toBe(true)
    expect(outputBits(stripped, x())).toEqual(outputBits(masked, x()))
  })

  it('stripMasks leaves the masked model as it is', () => {
    const model = tangledModel()
    const masked = withMasks(model, randomMask(model))
    const before = outputBits(masked, x())
    stripMasks(masked).dispose()
    expect(outputBits(masked, x())).toEqual(before)
    expect(stripMasks(masked)).not.toBe(masked)
  })

  it('stripMasks yields a plain copy of a model without masks', () => {
    const model = tangledModel()
    const copy = stripMasks(model)
    expect(copy.toJSON()).toBe(model.toJSON())
    expect(copy.getWeights().map(bitsOf)).toEqual(model.getWeights().map(bitsOf))
    copy.setWeights(fillWeights(tangledModel(), 9).getWeights())
    expect(copy.getWeights().map(bitsOf)).not.toEqual(model.getWeights().map(bitsOf))
  })

  it('stripMasks keeps weights that break their constraint, which tfjs does not enforce in training', () => {
    const kernelConstraint = constraints.nonNeg()
    const model = fillWeights(
      sequential({ layers: [layers.dense({ units: 3, inputShape: [4], kernelConstraint })] }),
    )
    const trained = withMasks(model, randomMask(model))
    expect(outputBits(stripMasks(trained), randomTensor([2, 4]))).toEqual(
      outputBits(trained, randomTensor([2, 4])),
    )
  })

  it('stripMasks yields a model that loads where nothing of this package is known', async () => {
    const model = tangledModel()
    const stripped = stripMasks(withMasks(model, randomMask(model)))
    const { weightData, ...artifacts } = await artifactsOf(stripped)
    const weights = [...new Uint8Array(io.CompositeArrayBuffer.join(weightData))]
    const inputs = x().map((rows) => rows.arraySync())
    const argument = JSON.stringify({ artifacts, weights, x: inputs })
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', loader, argument], {
      encoding: 'utf8',
    })
    const { outputs, registered } = JSON.parse(output)
    expect(registered).toEqual([])
    const loaded = await loadLayersModel(io.fromMemory({ ...artifacts, weightData: weightData! }))
    expect(outputBits(loaded, x())).toEqual(outputBits(stripped, x()))
    if (process.env.TFJS_BACKEND !== 'wasm') expect(outputs).toEqual(outputBits(stripped, x()))
  })
})
