import { memory, ones, tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it, vi } from 'vitest'
import { compressedTypes } from '../../../src/files/codecs/codecs.js'
import { compressedHandler } from '../../../src/files/compressed-handler.js'
import { narrowest } from '../../../src/files/measure/narrowest.js'
import type { CompressedType, ValueType } from '../../../src/files/model/value-type.js'
import { saveCompressed } from '../../../src/files/save-compressed.js'
import { randomStream } from '../../../src/internal/random.js'
import { withMasks } from '../../../src/layers/with-masks.js'
import type { Mask } from '../../../src/masks/mask.js'
import { computeMask } from '../../../src/step/compute-mask.js'
import { evaluateOn } from '../../../src/training/evaluate-on.js'
import type { Evaluate, Evaluation } from '../../../src/types.js'

const [ROWS, COLUMNS] = [60, 30]

function smallModel(): LayersModel {
  const model = sequential({
    layers: [layers.dense({ name: 'out', units: COLUMNS, inputShape: [ROWS] })],
  })
  const { uniform: random } = randomStream(3)
  const kernel = Float32Array.from(
    { length: ROWS * COLUMNS },
    () => random() + random() + random() - 1.5,
  )
  const bias = Float32Array.from({ length: COLUMNS }, () => random())
  model.setWeights([tensor2d(kernel, [ROWS, COLUMNS]), tensor1d(bias)])
  return model
}

const valuesOf = (model: LayersModel) =>
  model.getWeights().map((weight) => weight.dataSync().slice() as Float32Array)

/**
 * A sample for each element of the kernel, of the classes 0, 1, 2 in turn: it is missed where the
 * element is off by more than the tolerance of its class.
 */
function missingWhereOff(
  model: LayersModel,
  tolerances: readonly [number, number, number],
): Evaluate {
  const [own] = valuesOf(model)
  const labels = Int32Array.from(own!, (_, i) => i % 3)
  return (measured) => {
    const [kernel] = valuesOf(measured)
    const predictions = labels.map((label, i) =>
      Math.abs(kernel![i]! - own![i]!) > tolerances[label as 0]! ? (label + 1) % 3 : label,
    )
    return evaluationOf(labels, predictions, 1)
  }
}

function evaluationOf(
  labels: Int32Array,
  predictions: Int32Array,
  positiveClass: number,
): Evaluation {
  const count = (positive: boolean, said: boolean) =>
    labels.filter(
      (l, i) => (l === positiveClass) === positive && (predictions[i] === positiveClass) === said,
    ).length
  const confusion = {
    truePositives: count(true, true),
    falseNegatives: count(true, false),
    falsePositives: count(false, true),
    trueNegatives: count(false, false),
  }
  const rates = { falseNegativeRate: 0, falsePositiveRate: 0, accuracy: 0, auc: 0, loss: 0 }
  return { confusion, ...rates, labels, predictions, positiveClass }
}

async function fileOf(model: LayersModel, type: CompressedType): Promise<Uint8Array> {
  const files: Uint8Array[] = []
  await saveCompressed(model, (bytes) => files.push(bytes), { type })
  return files[0]!
}

/** Misses that a type causes, from the file it makes. */
async function missesFrom(
  model: LayersModel,
  type: CompressedType,
  evaluate: Evaluate,
): Promise<number[]> {
  const loaded = await loadLayersModel(compressedHandler(await fileOf(model, type)))
  const { labels, predictions } = await evaluate(loaded)
  loaded.dispose()
  return [0, 1, 2].map(
    (c) => labels!.filter((label, i) => label === c && predictions![i] !== c).length,
  )
}

describe('narrowest', () => {
  it('narrowest keeps the first type, small to large, whose false negatives are within the budget', async () => {
    const model = smallModel()
    const evaluate = missingWhereOff(model, [1, 0.03, 1])
    const costs = new Map<string, number>()
    for (const type of compressedTypes)
      costs.set(type, (await missesFrom(model, type, evaluate))[1]!)
    expect(costs.get('codebook4')).toBeGreaterThan(costs.get('codebook5')!)
    expect(costs.get('codebook5')).toBeGreaterThan(costs.get('codebook6')!)
    for (const wanted of ['codebook4', 'codebook5', 'codebook6'] as const) {
      const budget = costs.get(wanted)!
      const { feasible, type, reason, table } = await narrowest(model, { budget, evaluate })
      expect([feasible, type]).toEqual([true, wanted])
      expect(reason).toBe(
        `${wanted}: ${budget} false negatives of class 1 against at most ${budget}`,
      )
      expect(table.map((row) => row.falseNegatives[1])).toEqual(
        table.map((row) => costs.get(row.type)),
      )
      expect(table.map((row) => row.feasible)).toEqual(table.map((row) => row.type === wanted))
    }
    model.dispose()
  })

  it('narrowest measures the weights that the file gives back, and tells the bytes of that file', async () => {
    const model = smallModel()
    const seen: Float32Array[][] = []
    const evaluate: Evaluate = (measured) => {
      seen.push(valuesOf(measured))
      return evaluationOf(Int32Array.of(1), Int32Array.of(0), 1)
    }
    const { table, feasible } = await narrowest(model, {
      budget: 0,
      evaluate,
      types: compressedTypes,
    })
    expect([feasible, table.length, seen.length]).toEqual([
      false,
      compressedTypes.length,
      compressedTypes.length + 1,
    ])
    for (const [i, { type, bytes }] of table.entries()) {
      const file = await fileOf(model, type as CompressedType)
      const loaded = await loadLayersModel(compressedHandler(file))
      expect([type, bytes]).toEqual([type, file.length])
      expect(seen[i + 1]).toEqual(valuesOf(loaded))
      loaded.dispose()
    }
    expect(seen.at(-1)).toEqual(seen[0])
    model.dispose()
  })

  it('narrowest goes by the bytes of the files, not by the order of the list', async () => {
    const model = smallModel()
    const evaluate = missingWhereOff(model, [0, 0, 0])
    const types: ValueType[] = ['float32', 'uint16', 'codebook8', 'uint8', 'codebook4', 'codebook4']
    const { table } = await narrowest(model, { budget: 0, evaluate, types })
    expect(table.map(({ type }) => type)).toEqual([
      'codebook4',
      'uint8',
      'codebook8',
      'uint16',
      'float32',
    ])
    for (let i = 1; i < table.length; i++)
      expect(table[i]!.bytes).toBeGreaterThan(table[i - 1]!.bytes)
    model.dispose()
  })

  it('narrowest tries the types of stock files with what tfjs decodes: off by half a step', async () => {
    const model = smallModel()
    const [own] = valuesOf(model)
    const range = Math.max(...own!) - Math.min(...own!)
    for (const [type, steps] of [
      ['uint8', 255],
      ['uint16', 65535],
    ] as const) {
      const tolerance = (range / steps / 2) * 1.001
      const evaluate = missingWhereOff(model, [tolerance, tolerance, tolerance])
      expect(
        (await narrowest(model, { budget: { 0: 0, 1: 0, 2: 0 }, evaluate, types: [type] }))
          .feasible,
      ).toBe(true)
      const strict = missingWhereOff(model, [1, tolerance / 2, 1])
      const { table } = await narrowest(model, { budget: 0, evaluate: strict, types: [type] })
      expect(table[0]!.falseNegatives[1]! / 600).toBeCloseTo(0.5, 1)
    }
    model.dispose()
  })

  it('narrowest holds the budget of each class, and tells the misses of all', async () => {
    const model = smallModel()
    const evaluate = missingWhereOff(model, [0.06, 0.03, 1])
    const budget = { 0: 0, 2: 0 }
    const { type, table, reason } = await narrowest(model, { budget, evaluate })
    const costs = await Promise.all(
      table.map((row) => missesFrom(model, row.type as CompressedType, evaluate)),
    )
    expect(table.map(({ falseNegatives }) => falseNegatives)).toEqual(
      costs.map(([a, b, c]) => ({ 0: a, 1: b, 2: c })),
    )
    expect(costs.map(([zero]) => zero === 0)).toEqual(table.map(({ feasible }) => feasible))
    expect(costs.at(-1)![1]).toBeGreaterThan(0)
    expect(costs[0]![0]).toBeGreaterThan(0)
    const words =
      '0 false negatives of class 0 against at most 0, 0 false negatives of class 2 against at most 0'
    expect(reason).toBe(`${type}: ${words}`)
    model.dispose()
  })

  it('narrowest says so when no type is within the budget', async () => {
    const model = smallModel()
    const labels = Int32Array.of(1, 1, 0)
    const evaluate = () => evaluationOf(labels, Int32Array.of(1, 0, 0), 1)
    const { feasible, type, reason, table, original } = await narrowest(model, {
      budget: 0,
      evaluate,
    })
    expect([feasible, type, table.length]).toEqual([false, undefined, 6])
    const before = 'the model as it stands: 1 false negative of class 1 against at most 0'
    expect(reason).toBe(`none of 6 types is within the budget; ${before}`)
    expect([original.feasible, original.falseNegatives]).toEqual([false, { 0: 0, 1: 1 }])
    model.dispose()
  })

  it('narrowest takes an evaluation without labels when the budget is that of its own class', async () => {
    const model = smallModel()
    const {
      labels: _,
      predictions: __,
      positiveClass: ___,
      ...bare
    } = evaluationOf(Int32Array.of(1), Int32Array.of(1), 1)
    const { type, table } = await narrowest(model, { budget: 0, evaluate: async () => bare })
    expect([type, table[0]!.falseNegatives]).toEqual(['codebook4', { positive: 0 }])
    model.dispose()
  })

  it('narrowest prunes by the mask in every type, but leaves the model as it is', async () => {
    const model = smallModel()
    const mask = await computeMask(model, { density: 0.1 })
    const before = valuesOf(model)
    const alive: number[] = []
    const evaluate: Evaluate = (measured) => {
      alive.push(valuesOf(measured)[0]!.filter((value) => value !== 0).length)
      return evaluationOf(Int32Array.of(1), Int32Array.of(0), 1)
    }
    await narrowest(model, { budget: 0, evaluate, mask, types: ['float32', 'float16', 'uint16'] })
    expect(alive).toEqual([1800, 180, 180, 180])
    expect(valuesOf(model)).toEqual(before)
    model.dispose()
  })

  it('narrowest narrows what is selected, and works on masking layers', async () => {
    const model = smallModel()
    const masking = withMasks(model, await computeMask(model, { density: 0.5 }))
    const biases: string[] = []
    const evaluate: Evaluate = (measured) => {
      biases.push(measured.getLayer('out').getWeights()[1]!.dataSync().join())
      return evaluationOf(Int32Array.of(1), Int32Array.of(0), 1)
    }
    const before = valuesOf(masking)
    await narrowest(masking, { budget: 0, evaluate, types: ['codebook4'] })
    expect(biases[1]).toBe(biases[0])
    await narrowest(masking, { budget: 0, evaluate, types: ['codebook4'], select: 'out/bias' })
    expect(biases[3]).not.toBe(biases[0])
    expect(valuesOf(masking)).toEqual(before)
    for (const one of [model, masking]) one.dispose()
  })
})

describe('narrowest, in the end', () => {
  /** A model whose weights have every kind of bits that a copy might lose. */
  function oddModel(): LayersModel {
    const model = sequential({ layers: [layers.dense({ name: 'out', units: 2, inputShape: [2] })] })
    model.setWeights([
      tensor2d([
        [-0, 1e-45],
        [0.1, -3],
      ]),
      tensor1d([-0, 1]),
    ])
    return model
  }
  const bitsOf = (model: LayersModel) =>
    valuesOf(model).map((values) => Array.from(new Uint32Array(values.buffer)))

  it('narrowest leaves the model as it was to the bit, with the same variables', async () => {
    const model = oddModel()
    const [bits, variables] = [bitsOf(model), model.weights.map((weight) => weight.read())]
    await narrowest(model, { budget: 0, evaluate: missingOnce })
    expect(bitsOf(model)).toEqual(bits)
    expect(model.weights.every((weight, i) => weight.read() === variables[i])).toBe(true)
    model.dispose()
  })

  const missingOnce: Evaluate = () => evaluationOf(Int32Array.of(1), Int32Array.of(0), 1)

  it.each([0, 1, 2, 3])(
    'narrowest restores the weights when evaluation %i throws',
    async (failing) => {
      const model = oddModel()
      const bits = bitsOf(model)
      let calls = 0
      const evaluate: Evaluate = async (measured) => {
        if (calls++ === failing) throw new Error('out of samples')
        return missingOnce(measured)
      }
      const { numTensors } = memory()
      await expect(narrowest(model, { budget: 0, evaluate })).rejects.toThrow('out of samples')
      expect([bitsOf(model), memory().numTensors]).toEqual([bits, numTensors])
      // The model is free again.
      await narrowest(model, { budget: 1, evaluate: missingOnce })
      model.dispose()
    },
  )

  it('narrowest takes back what evaluate does to the weights, and stores those of the model', async () => {
    const model = oddModel()
    const bits = bitsOf(model)
    const bytes = (await narrowest(model, { budget: 0, evaluate: missingOnce })).table.map(
      (row) => row.bytes,
    )
    const training: Evaluate = (measured) => {
      for (const weight of measured.weights) weight.write(ones(weight.shape as number[]))
      return missingOnce(measured)
    }
    const { table } = await narrowest(model, { budget: 0, evaluate: training })
    expect(bitsOf(model)).toEqual(bits)
    expect(table.map((row) => row.bytes)).toEqual(bytes)
    model.dispose()
  })

  it('narrowest stops at an abort while it stores the types', async () => {
    const [model, stop] = [oddModel(), new AbortController()]
    const evaluate: Evaluate = (measured) => {
      stop.abort(new Error('enough'))
      return missingOnce(measured)
    }
    const stored = vi.spyOn(globalThis, 'CompressionStream')
    await expect(narrowest(model, { budget: 0, evaluate, signal: stop.signal })).rejects.toThrow(
      'enough',
    )
    expect(stored).not.toHaveBeenCalled()
    stored.mockRestore()
    model.dispose()
  })

  it('narrowest stops at an abort, with the reason of the signal, and restores the weights', async () => {
    const model = oddModel()
    const bits = bitsOf(model)
    const stop = new AbortController()
    let calls = 0
    const evaluate: Evaluate = (measured) => {
      if (++calls === 3) stop.abort(new Error('enough'))
      return missingOnce(measured)
    }
    await expect(narrowest(model, { budget: 0, evaluate, signal: stop.signal })).rejects.toThrow(
      'enough',
    )
    expect([calls, bitsOf(model)]).toEqual([3, bits])
    model.dispose()
  })

  it('narrowest leaves no tensors', async () => {
    const model = oddModel()
    await expect(() => narrowest(model, { budget: 0, evaluate: missingOnce })).toLeaveNoTensors()
    await expect(() => narrowest(model, { budget: 1, evaluate: missingOnce })).toLeaveNoTensors()
    model.dispose()
  })

  it('narrowest has the model for itself', async () => {
    const model = oddModel()
    const evaluate: Evaluate = async (measured) => {
      await narrowest(measured, { budget: 0, evaluate: missingOnce })
      return missingOnce(measured)
    }
    await expect(narrowest(model, { budget: 0, evaluate })).rejects.toThrow(
      /Cannot find the narrowest type: .* free/,
    )
    model.dispose()
  })
})

describe('narrowest, given what it cannot use', () => {
  const cannot = 'Cannot find the narrowest type: expected'
  const good: Evaluate = () => evaluationOf(Int32Array.of(0, 1), Int32Array.of(0, 1), 1)

  async function refusal(options: object, model = smallModel()): Promise<Error> {
    const before = valuesOf(model)
    const error = await narrowest(model, { budget: 0, evaluate: good, ...options }).then(
      () => undefined,
      (thrown: Error) => thrown,
    )
    expect(valuesOf(model)).toEqual(before)
    model.dispose()
    return error!
  }

  it('narrowest refuses a budget that is none', async () => {
    const cases: [unknown, Error][] = [
      [-1, new RangeError(`${cannot} budget to be a whole number of misses or Infinity, got -1`)],
      [
        0.05,
        new RangeError(`${cannot} budget to be a whole number of misses or Infinity, got 0.05`),
      ],
      [
        Number.NaN,
        new RangeError(`${cannot} budget to be a whole number of misses or Infinity, got NaN`),
      ],
      [
        '1',
        new TypeError(`${cannot} a number or an object of numbers by class as budget, got "1"`),
      ],
      [
        [1],
        new TypeError(`${cannot} a number or an object of numbers by class as budget, got a list`),
      ],
      [{}, new RangeError(`${cannot} a budget of at least one class, got {}`)],
      [
        { 1: -1 },
        new RangeError(
          `${cannot} budget of class 1 to be a whole number of misses or Infinity, got -1`,
        ),
      ],
      [
        { 1: '0' },
        new TypeError(
          `${cannot} budget of class 1 to be a whole number of misses or Infinity, got "0"`,
        ),
      ],
      [
        { one: 0 },
        new RangeError(
          `${cannot} the class one of budget to be a whole number of at least 0, got NaN`,
        ),
      ],
    ]
    for (const [budget, error] of cases) expect(await refusal({ budget })).toEqual(error)
  })

  it('narrowest refuses a budget of a class that has no samples', async () => {
    const message = `${cannot} samples of class 7 among those evaluated, got none`
    expect(await refusal({ budget: { 1: 0, 7: 3 } })).toEqual(new RangeError(message))
    const none: Evaluate = () => evaluationOf(Int32Array.of(0), Int32Array.of(0), 1)
    expect((await refusal({ evaluate: none })).message).toContain('samples of class 1')
  })

  it('narrowest refuses an evaluation that does not tell what the budget asks for', async () => {
    const { labels: _, ...bare } = await good(smallModel())
    const error = await refusal({ budget: { 0: 1 }, evaluate: () => bare })
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toContain(
      'evaluate to return labels, predictions (as evaluateOn does), got no labels',
    )
    const message = `${cannot} evaluate to return an evaluation with a confusion, got none`
    expect(await refusal({ evaluate: () => undefined })).toEqual(new TypeError(message))
    expect(await refusal({ evaluate: 3 })).toEqual(
      new TypeError(`${cannot} a function as evaluate, got 3`),
    )
  })

  it('narrowest asks evaluate beforehand whether it fits the model', async () => {
    const check = () => {
      throw new RangeError('other samples')
    }
    const evaluate = Object.assign(() => good(smallModel()), { check })
    expect((await refusal({ evaluate })).message).toBe('other samples')
  })

  it('narrowest refuses types that do not exist, and none at all', async () => {
    const error = await refusal({ types: ['int8', 'int4'] })
    expect(error).toBeInstanceOf(RangeError)
    expect(error.message).toMatch(
      /expected a type to be 'codebook4' or .* or 'uint16', got "int4"$/,
    )
    expect(await refusal({ types: [] })).toEqual(
      new RangeError(`${cannot} at least one type, got none`),
    )
    expect(await refusal({ types: 'int8' })).toEqual(
      new TypeError(`${cannot} a list as types, got "int8"`),
    )
  })

  it('narrowest refuses a mask of another model, a selector that names nothing and other options', async () => {
    const other = sequential({
      layers: [layers.dense({ name: 'elsewhere', units: 2, inputShape: [3] })],
    })
    const mask: Mask = await computeMask(other, { density: 0.5 })
    expect((await refusal({ mask })).message).toMatch(
      /^Cannot use the mask: expected the weight elsewhere\/kernel/,
    )
    expect((await refusal({ select: 'nowhere' })).message).toMatch(
      /^Cannot select weights: .* got nowhere$/,
    )
    expect((await refusal({ evaluation: good })).message).toContain('got evaluation')
    expect(await refusal({ signal: true })).toEqual(
      new TypeError(`${cannot} an AbortSignal as signal, got boolean`),
    )
    other.dispose()
  })

  it('narrowest passes over types that cannot hold the model, and says why', async () => {
    const model = sequential({
      layers: [layers.dense({ name: 'out', units: 1, inputShape: [2], useBias: false })],
    })
    model.setWeights([tensor2d([[1e5], [1]])])
    const reason =
      'expected values between -65504 and 65504 in out/kernel for float16, got 100000 at 0'
    const found = await narrowest(model, {
      budget: 0,
      evaluate: good,
      types: ['float16', 'float32'],
    })
    expect([found.feasible, found.type, found.refused]).toEqual([
      true,
      'float32',
      [{ type: 'float16', reason }],
    ])
    const missing: Evaluate = () => evaluationOf(Int32Array.of(1), Int32Array.of(0), 1)
    const none = await narrowest(model, { budget: 0, evaluate: missing })
    expect(none.table.map(({ type }) => type).sort()).toEqual([
      'codebook4',
      'codebook5',
      'codebook6',
      'float32',
      'int8',
    ])
    expect(none.reason).toMatch(
      /^none of 5 types is within the budget, 1 cannot hold the model; the model as it stands/,
    )
    model.setWeights([tensor2d([[Number.NaN], [1]])])
    const all = await narrowest(model, {
      budget: 0,
      evaluate: good,
      types: ['uint8', 'int8', 'codebook4'],
    })
    expect([all.feasible, all.table, all.refused.map(({ type }) => type)]).toEqual([
      false,
      [],
      ['uint8', 'int8', 'codebook4'],
    ])
    expect(model.getWeights()[0]!.dataSync()).toEqual(Float32Array.of(Number.NaN, 1))
    model.dispose()
  })

  it('narrowest refuses what is no model', async () => {
    const nothing = {} as unknown as LayersModel
    const message =
      'Cannot find the narrowest type: expected a LayersModel, a GraphModel, a handler that loads, ' +
      'or artifacts with weightSpecs, got object'
    const evaluate = evaluateOn({ xs: tensor2d([[1, 2]]), ys: [1] }, { positiveClass: 1 })
    await expect(narrowest(nothing, { budget: 0, evaluate })).rejects.toThrow(
      new TypeError(message),
    )
  })
})
