import { io, memory, ones } from '@tensorflow/tfjs-core'
import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { decisionThreshold, setDecisionThreshold } from '../../src/certify/index.js'
import { strip } from '../../src/files/index.js'
import { withMasks } from '../../src/index.js'
import { modelWeights } from '../../src/internal/model-weights.js'
import { assignValues } from '../../src/internal/weight-values.js'
import {
  bitsOf,
  layerCases,
  nothingRevived,
  outputBits,
  randomMask,
  randomTensor,
  tangledModel,
} from '../layers/models.js'
import { artifactsOf } from '../layers/save-models.js'
import { refusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'

const NEGATIVE_ZERO = 0x8000_0000
const SPECIAL = [-0, Number.NaN, Number.NEGATIVE_INFINITY, -1.17549435e-38, 3.4028234663852886e38]
const allBits = (model: ReturnType<typeof smallModel>) => model.getWeights().map(bitsOf)

describe('strip', () => {
  it('strip writes +0 where the mask prunes and keeps all other weights to the last bit', () => {
    const model = tangledModel()
    const before = allBits(model)
    const mask = randomMask(model, () => true)
    const plain = strip(model, { mask })
    expect(nothingRevived(plain, mask)).toBe(true)
    const kept = modelWeights(plain).map(({ name, variable }) => {
      const { values } = mask.weights.find((weight) => weight.name === name)!
      return bitsOf(variable).filter((_, i) => values[i] === 1)
    })
    const wanted = modelWeights(model).map(({ name, variable }) => {
      const { values } = mask.weights.find((weight) => weight.name === name)!
      return bitsOf(variable).filter((_, i) => values[i] === 1)
    })
    expect(kept).toEqual(wanted)
    expect(allBits(model)).toEqual(before)
  })

  it('strip makes each -0 a +0, in biases and without a mask too, and leaves other values alone', () => {
    const model = smallModel()
    for (const { variable } of modelWeights(model)) {
      const values = (variable.dataSync() as Float32Array).slice()
      values.set(SPECIAL.slice(0, variable.size))
      assignValues(variable, values)
    }
    const plain = strip(model)
    const wanted = allBits(model).map((bits) =>
      bits.map((one) => (one === NEGATIVE_ZERO ? 0 : one)),
    )
    expect(allBits(model).flat()).toContain(NEGATIVE_ZERO)
    expect(allBits(plain)).toEqual(wanted)
  })

  it.each(layerCases)(
    'strip turns a masking $className back, with the outputs of the masking layer',
    (layerCase) => {
      const { className, build, inputShape, computesOn = ['cpu', 'wasm'] } = layerCase
      const model = build()
      const mask = randomMask(model)
      const masked = withMasks(model, mask)
      const plain = strip(masked)
      expect(plain.layers.map((layer) => layer.getClassName())).toEqual([className])
      expect(nothingRevived(plain, mask)).toBe(true)
      if (!computesOn.includes(process.env.TFJS_BACKEND ?? 'cpu')) return
      const input =
        className === 'Embedding' ? ones([2, ...inputShape]) : randomTensor([2, ...inputShape])
      expect(outputBits(plain, input)).toEqual(outputBits(masked, input))
    },
  )

  it('strip applies a mask on top of masking layers', () => {
    const model = tangledModel()
    const [first, second] = [randomMask(model, undefined, 1), randomMask(model, undefined, 2)]
    const plain = strip(withMasks(model, first), { mask: second })
    expect(nothingRevived(plain, first)).toBe(true)
    expect(nothingRevived(plain, second)).toBe(true)
  })

  it('strip keeps the decision threshold and loads with stock tfjs', async () => {
    const model = smallModel()
    setDecisionThreshold(model, { threshold: -1.5, positiveClass: 1 })
    const plain = strip(withMasks(model, randomMask(model)))
    const loaded = await loadLayersModel(io.fromMemory(await artifactsOf(plain)))
    expect(decisionThreshold(loaded)?.threshold).toBe(-1.5)
    expect(allBits(loaded)).toEqual(allBits(plain))
  })

  it('strip refuses a mask of another model before it makes a copy', () => {
    const model = smallModel()
    const other = sequential({
      layers: [layers.dense({ name: 'other', units: 2, inputShape: [3] })],
    })
    const { numTensors } = memory()
    expect(refusalOf(() => strip(model, { mask: randomMask(other) }))).toMatch(
      /^RangeError: Cannot use the mask: .*other\/kernel/,
    )
    expect(memory().numTensors).toBe(numTensors)
    expect(refusalOf(() => strip(null as never))).toMatch(/^TypeError: .*got null/)
  })

  it('strip refuses a mask that is no option', () => {
    const model = smallModel()
    expect(refusalOf(() => strip(model, randomMask(model) as object))).toMatch(
      'TypeError: Cannot strip the model: expected an object of options, got a mask: give it as { mask }',
    )
  })

  it('strip leaves no tensor once its model is disposed', async () => {
    const model = tangledModel()
    const mask = randomMask(model)
    await expect(() => strip(model, { mask }).dispose()).toLeaveNoTensors()
  })
})
