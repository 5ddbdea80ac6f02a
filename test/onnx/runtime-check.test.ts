import { ones, tensor2d } from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, model as modelOf } from '@tensorflow/tfjs-layers'
import * as ort from 'onnxruntime-web'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type NamedTensors, type RuntimeCheck, toOnnx } from '../../src/onnx/index.js'
import { through } from '../support/through.js'
import { fillWeights, randomValues } from '../support/weights.js'
import './support/run-onnx.js'

let model: LayersModel
beforeEach(() => {
  const inputs = [input({ shape: [4], name: 'row' }), input({ shape: [4, 4, 2], name: 'image' })]
  const conv = layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', name: 'conv' })
  const outputs = [
    through(layers.dense({ units: 2, name: 'classes' }), inputs[0]!),
    through(conv, inputs[1]!),
  ]
  model = fillWeights(modelOf({ inputs, outputs }))
})
afterEach(() => model.dispose())

const probe = (batch: number, image = [4, 4, 2]): NamedTensors => ({
  row: { data: randomValues(4 * batch, batch), dims: [batch, 4] },
  image: { data: randomValues(32 * batch, 9), dims: [batch, ...image] },
})

/** Runs a file as a caller of onnxruntime would. */
const run: RuntimeCheck['run'] = async (file, inputs) => {
  const session = await ort.InferenceSession.create(file)
  const feeds = Object.entries(inputs).map(([name, { data, dims }]) => {
    return [name, new ort.Tensor('float32', Float32Array.from(data), dims)] as const
  })
  const outputs = await session.run(Object.fromEntries(feeds))
  await session.release()
  return outputs as unknown as NamedTensors
}

/** The runtime, with one output changed. */
const falsified =
  (change: (outputs: Record<string, NamedTensors[string]>) => void): RuntimeCheck['run'] =>
  async (file, inputs) => {
    const outputs = { ...(await run(file, inputs)) }
    change(outputs)
    return outputs
  }

describe('check of toOnnx', () => {
  test.each([
    ['a model as it is', {}, [probe(1), probe(3)]],
    [
      'images with their channels first',
      { dataFormat: 'channelsFirst' as const },
      [probe(2, [2, 4, 4])],
    ],
  ])('toOnnx gives the file of %s back where the runtime agrees', async (_, options, probes) => {
    const file = await toOnnx(model, { ...options, check: { run, probes } })
    expect(file).toEqual(await toOnnx(model, options))
  })

  test('toOnnx names the output that differs, and by how much; no file comes back', async () => {
    const wrong = falsified((outputs) => {
      const { data, dims } = outputs.classes!
      outputs.classes = { data: Float32Array.from(data, (value) => 1.5 * value), dims }
    })
    const check = { run: wrong, probes: [probe(1)] }
    await expect(toOnnx(model, { check })).rejects.toThrow(
      /expected output classes of the runtime within 0\.00001 of the largest value, got a difference of 0\.(5|4999)/,
    )
    await expect(toOnnx(model, { check: { ...check, tolerance: 0.6 } })).resolves.toBeDefined()
  })

  test('toOnnx refuses outputs that are missing, of another shape, or NaN', async () => {
    const outcomes: [Parameters<typeof falsified>[0], string][] = [
      [(outputs) => delete outputs.conv, 'expected output conv from the runtime'],
      [
        (outputs) => {
          outputs.conv = { ...outputs.conv!, dims: [1, 3, 4, 4] }
        },
        'expected output conv of [1, 4, 4, 3] from the runtime, got [1, 3, 4, 4]',
      ],
      [
        (outputs) => {
          const { data, dims } = outputs.conv!
          outputs.conv = { data: Float32Array.from(data, () => Number.NaN), dims }
        },
        'got a difference of NaN',
      ],
    ]
    for (const [change, message] of outcomes) {
      const check = { run: falsified(change), probes: [probe(1)] }
      await expect(toOnnx(model, { check })).rejects.toThrow(message)
    }
  })

  test('toOnnx sees that int8 differs, and takes it with a tolerance', async () => {
    const check = { run, probes: [probe(1)] }
    await expect(toOnnx(model, { values: 'int8', check })).rejects.toThrow('a difference of')
    await toOnnx(model, { values: 'int8', check: { ...check, tolerance: 0.05 } })
  })

  test.each([
    ['other names', [{ row: probe(1).row! }], 'expected inputs row, image in probe 0, got row'],
    ['other sides', [probe(1, [4, 2, 4])], 'expected dims [batch, 4, 4, 2] of image in probe 0'],
    [
      'too few values',
      [probe(1), { ...probe(1), row: { data: [1], dims: [1, 4] } }],
      'expected 4 values of row in probe 1, got 1',
    ],
    ['none', [], 'expected probes to be a list of inputs by name, at least one'],
  ])('toOnnx refuses probes of %s before the runtime runs', async (_, probes, message) => {
    const never = () => {
      throw new Error('it ran')
    }
    const check = { run: never, probes: probes as NamedTensors[] }
    await expect(toOnnx(model, { check })).rejects.toThrow(message)
  })

  test('toOnnx refuses to check with a model that is trained meanwhile', async () => {
    const training: RuntimeCheck['run'] = async (file, inputs) => {
      const outputs = await run(file, inputs)
      fillWeights(model, 2)
      return outputs
    }
    const refusal = toOnnx(model, { check: { run: training, probes: [probe(1), probe(2)] } })
    await expect(refusal).rejects.toThrow('expected weights that stay as they are meanwhile')
  })

  test('toOnnx passes an error of the runtime on', async () => {
    const failing = async () => {
      throw new Error('no memory')
    }
    await expect(toOnnx(model, { check: { run: failing, probes: [probe(1)] } })).rejects.toThrow(
      'no memory',
    )
  })

  test('toOnnx leaves no tensors after a check, one that fails too', async () => {
    const check = { run, probes: [probe(2)] }
    await expect(() => toOnnx(model, { check })).toLeaveNoTensors()
    const none = { run: () => ({}), probes: [probe(1)] }
    await expect(() => toOnnx(model, { check: none }).catch(() => undefined)).toLeaveNoTensors()
  })
})

test('toOnnx sees a difference beside an infinite value', async () => {
  const kernel = model.getLayer('classes').getWeights()[0]!
  const infinite = await kernel.data()
  infinite[0] = Number.POSITIVE_INFINITY
  model.getLayer('classes').setWeights([tensor2d(infinite, [4, 2]), ones([2])])
  const wrong = falsified((outputs) => {
    const { data, dims } = outputs.classes!
    outputs.classes = { dims, data: Array.from(data, (value, i) => value + (i % 2)) }
  })
  const written = () => toOnnx(model, { check: { run: wrong, probes: [probe(1)] } })
  await expect(written).rejects.toThrow('output classes of the runtime within')
})
