import { dispose, type Tensor, transpose } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, it } from 'vitest'
import { toOnnx } from '../../src/onnx/index.js'
import { outputDifference } from './support/differences.js'
import { runOnnx } from './support/run-onnx.js'
import { seededInputs } from './support/seeded-inputs.js'
import { withSeededWeights } from './support/seeded-weights.js'

it('toOnnx takes and gives images with their channels first where it is asked to', async () => {
  const model = withSeededWeights(
    sequential({
      layers: [
        layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [6, 5, 3] }),
        layers.depthwiseConv2d({ kernelSize: 2 }),
      ],
    }),
  )
  const [x] = seededInputs(model, { batch: 2 })
  const bytes = await toOnnx(model, { dataFormat: 'channelsFirst' })
  const first = transpose(x!, [0, 3, 1, 2])
  const got = await runOnnx(bytes, { [model.inputNames[0]!]: first })
  const wanted = transpose(model.predict(x!) as Tensor, [0, 3, 1, 2])
  expect(outputDifference([wanted], Object.values(got))).toBeLessThan(1e-5)
  const text = new TextDecoder('latin1').decode(bytes)
  expect(text).not.toContain('Transpose')
  dispose([x!, first, wanted, Object.values(got)])
})

it('toOnnx leaves rows and sequences as they are', async () => {
  const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3, 4] })] })
  const [last, first] = await Promise.all(
    (['channelsLast', 'channelsFirst'] as const).map((dataFormat) => toOnnx(model, { dataFormat })),
  )
  expect(first).toEqual(last)
})
