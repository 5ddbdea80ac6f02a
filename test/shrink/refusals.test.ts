import {
  cumsum,
  memory,
  mul,
  serialization,
  type Tensor,
  tensor2d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core'
import {
  input,
  layers,
  model as modelOf,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { modelWeights } from '../../src/internal/model-weights.js'
import { shrink } from '../../src/shrink/shrink.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import { dropping, setWeights } from './support.js'

type Inputs = Tensor | Tensor[]

/**
 * It takes the place of a stock class, and looks at all channels where that one looks at each by
 * itself.
 */
class Neighbours extends layers.Layer {
  static className = 'ReLU'
  override call(inputs: Inputs): Tensor {
    return tidy(() => cumsum([inputs].flat()[0]!, 1))
  }
}

/** A class that nobody knows. */
class Doubled extends layers.Layer {
  static className = 'ShrinkDoubled'
  override call(inputs: Inputs): Tensor {
    return tidy(() => mul([inputs].flat()[0]!, 2))
  }
}

/** A class that does not tell its option. */
class Silent extends layers.Layer {
  static className = 'ShrinkSilent'
  private readonly factor: number
  constructor(config: { readonly name?: string; readonly factor?: number }) {
    super(config as never)
    this.factor = config.factor ?? 1
  }
  override call(inputs: Inputs): Tensor {
    return tidy(() => mul([inputs].flat()[0]!, this.factor))
  }
}

/** Runs while a class of the given name is another one. */
async function registeredAs<T>(replacement: unknown, run: () => Promise<T>): Promise<T> {
  const { classNameMap } = serialization.SerializationMap.getMap()
  const { className } = replacement as { className: string }
  const stock = classNameMap[className]
  serialization.registerClass(replacement as never)
  try {
    return await run()
  } finally {
    if (stock) classNameMap[className] = stock
    else Reflect.deleteProperty(classNameMap, className)
  }
}

function disposed(tensor: Tensor): Tensor {
  tensor.dispose()
  return tensor
}

const plain = () =>
  fillWeights(
    sequential({
      layers: [
        layers.dense({ name: 'hidden', units: 3, activation: 'relu', inputShape: [2] }),
        layers.dense({ name: 'out', units: 2 }),
      ],
    }),
  )

describe('shrink', () => {
  it('shrink refuses a result that differs, names the first layer that does and leaves no tensor behind', async () => {
    await registeredAs(Neighbours, async () => {
      const x = input({ shape: [3] })
      const hidden = layers.dense({ name: 'hidden', units: 4 }).apply(x) as SymbolicTensor
      const inner = sequential({
        name: 'inner',
        layers: [new Neighbours({ name: 'liar', inputShape: [4] })],
      })
      const lied = inner.apply(hidden) as SymbolicTensor
      const behind = layers
        .dense({ name: 'behind', units: 2, activation: 'tanh' })
        .apply(lied) as SymbolicTensor
      const model = fillWeights(
        modelOf({
          inputs: x,
          outputs: layers.dense({ name: 'out', units: 1 }).apply(behind) as SymbolicTensor,
        }),
      )
      const mask = dropping(model, { 'behind/kernel': { axis: 0, drop: [1] } })
      const before = memory().numTensors
      const refusal = await lateRefusalOf(() => shrink(model, { mask }))
      expect(refusal).toMatch(
        /^RangeError: Cannot shrink the model: expected the outputs of all layers to differ by 0\.00001 of the largest at most, got 0\.\d+ at out, and inner\/liar as the first that differs$/,
      )
      expect(memory().numTensors).toBe(before)
      const { model: lenient } = await shrink(model, { mask, tolerance: 10 })
      expect(lenient.countParams()).toBeLessThan(model.countParams())
    })
  })

  it('shrink keeps what a custom class looks at', async () => {
    await registeredAs(Doubled, async () => {
      const model = fillWeights(
        sequential({
          layers: [
            layers.dense({ name: 'hidden', units: 3, inputShape: [2] }),
            new Doubled({ name: 'doubled' }),
            layers.dense({ name: 'out', units: 1 }),
          ],
        }),
      )
      const { kept, parameters } = await shrink(model, {
        mask: dropping(model, { 'out/kernel': { axis: 0, drop: [1] } }),
      })
      expect(kept).toEqual([{ layer: 'doubled', reason: 'ShrinkDoubled may look at all channels' }])
      expect(parameters.after).toBe(parameters.before)
    })
  })

  it('shrink refuses a model whose copy is another one, for a class that does not tell its options', async () => {
    await registeredAs(Silent, async () => {
      const model = fillWeights(
        sequential({
          layers: [
            layers.dense({ name: 'hidden', units: 3, inputShape: [2] }),
            new Silent({ name: 'silent', factor: 5 }),
            layers.dense({ name: 'out', units: 1 }),
          ],
        }),
      )
      const mask = dropping(model, { 'out/kernel': { axis: 0, drop: [1] } })
      const before = memory().numTensors
      expect(await lateRefusalOf(() => shrink(model, { mask }))).toMatch(
        /^RangeError: Cannot shrink the model: expected a copy built from the config of each layer to differ by 0\.00001 of the largest at most, got \d\.\d+ at out, and silent as the first that differs$/,
      )
      expect(memory().numTensors).toBe(before)
    })
  })

  it('shrink refuses a model with a class that tfjs cannot build', async () => {
    const model = sequential({
      layers: [layers.dense({ units: 3, inputShape: [2] }), new Doubled({ name: 'doubled' })],
    })
    expect(await lateRefusalOf(() => shrink(model))).toMatch(
      /^TypeError: Cannot rebuild the model: .* got ShrinkDoubled/,
    )
  })

  it('shrink refuses outputs that are not finite, for then nothing can be compared', async () => {
    const model = setWeights(plain(), { 'out/bias': [Number.NaN, 0] })
    const before = memory().numTensors
    expect(await lateRefusalOf(() => shrink(model))).toBe(
      'RangeError: Cannot shrink the model: expected finite outputs for the probes, got others at out',
    )
    expect(memory().numTensors).toBe(before)
  })

  it('shrink takes a masked weight that is not finite for 0 like any other', async () => {
    const model = setWeights(plain(), { 'hidden/kernel': [Number.NaN, 1, 2, 3, 4, 5] })
    const mask = dropping(model, { 'hidden/kernel': { axis: 1, drop: [0] } })
    const { parameters, model: small } = await shrink(model, { mask })
    expect(parameters).toEqual({ before: 17, after: 12 })
    small.dispose()
  })

  it('shrink compares outputs whose sum is too large for float32', async () => {
    const model = setWeights(plain(), { 'out/bias': [1e38, -1e38] })
    expect((await shrink(model)).parameters.after).toBe(17)
  })

  it('shrink refuses two layers at one path, by a name with a slash', async () => {
    const [x, inner] = [input({ shape: [2] }), input({ shape: [2] })]
    const dense = (name: string, at: SymbolicTensor) =>
      layers.dense({ name, units: 3 }).apply(at) as SymbolicTensor
    const nested = modelOf({ name: 'a', inputs: inner, outputs: dense('b', inner) })
    const both = layers
      .concatenate()
      .apply([nested.apply(x) as SymbolicTensor, dense('a/b', x)]) as SymbolicTensor
    const model = modelOf({ inputs: x, outputs: dense('out', both) })
    const before = memory().numTensors
    expect(await lateRefusalOf(() => shrink(model))).toBe(
      'TypeError: Cannot shrink the model: expected a path of its own for each layer, got two layers at a/b',
    )
    expect(memory().numTensors).toBe(before)
  })

  it('shrink refuses what is no model', async () => {
    for (const [value, got] of [
      [null, 'null'],
      [undefined, 'undefined'],
      [layers.dense({ units: 1 }), 'a layer: put it into a model'],
    ] as const) {
      expect(await lateRefusalOf(() => shrink(value as never))).toBe(
        `TypeError: Cannot read the weights: expected a LayersModel, got ${got}`,
      )
    }
  })

  it('shrink refuses a mask of another model before it makes anything', async () => {
    const model = plain()
    const other = fillWeights(
      sequential({ layers: [layers.dense({ name: 'elsewhere', units: 1, inputShape: [2] })] }),
    )
    const mask = dropping(other, { 'elsewhere/kernel': { axis: 0, drop: [1] } })
    const before = memory().numTensors
    expect(await lateRefusalOf(() => shrink(model, { mask }))).toMatch(
      /^RangeError: Cannot use the mask: .*elsewhere\/kernel/,
    )
    expect(memory().numTensors).toBe(before)
  })

  it.each([
    {
      options: { tolerence: 1 },
      refusal:
        'TypeError: Cannot shrink the model: expected options among mask, probes, seed, tolerance, got tolerence: did you mean tolerance?',
    },
    {
      options: { tolerance: -1 },
      refusal:
        'RangeError: Cannot shrink the model: expected tolerance to be a finite number of at least 0, got -1',
    },
    {
      options: { seed: 0.5 },
      refusal: 'RangeError: Cannot shrink the model: expected a whole number as seed, got 0.5',
    },
    {
      options: { probes: [] },
      refusal: 'TypeError: Cannot shrink the model: expected probes for 1 inputs, got 0',
    },
    {
      options: { probes: 7 },
      refusal:
        /^TypeError: Cannot shrink the model: expected a tensor \[any, 2\] as probe for \w+, got another value$/,
    },
  ])('shrink refuses the options $options', async ({ options, refusal }) => {
    expect(await lateRefusalOf(() => shrink(plain(), options as never))).toMatch(refusal)
  })

  it.each([
    { what: 'disposed ones', got: 'a disposed one', probe: () => disposed(zeros([1, 2])) },
    { what: 'none in a batch', got: '[0, 2]', probe: () => zeros([0, 2]) },
    { what: 'words', got: 'one of string', probe: () => tensor2d(['a', 'b'], [1, 2]) },
  ])('shrink refuses probes that cannot be computed with: $what', async ({ got, probe }) => {
    const [model, probes] = [plain(), probe()]
    const before = memory().numTensors
    expect(await lateRefusalOf(() => shrink(model, { probes }))).toMatch(
      new RegExp(
        `^TypeError: .*expected a tensor \\[any, 2\\] as probe for .*, got ${got.replace('[', '\\[')}$`,
      ),
    )
    expect(memory().numTensors).toBe(before)
  })

  it('shrink refuses probes of another shape', async () => {
    const probes = tensor2d([1, 2, 3], [1, 3])
    expect(await lateRefusalOf(() => shrink(plain(), { probes }))).toMatch(
      /^TypeError: Cannot shrink the model: expected a tensor \[any, 2\] as probe for \w+, got \[1, 3\]$/,
    )
  })

  it('shrink wants probes where a side of the input is open, and takes them', async () => {
    const model = fillWeights(
      sequential({
        layers: [
          layers.embedding({ name: 'words', inputDim: 5, outputDim: 3 }),
          layers.globalAveragePooling1d({}),
          layers.dense({ name: 'out', units: 1 }),
        ],
      }),
    )
    expect(await lateRefusalOf(() => shrink(model))).toMatch(
      /^RangeError: Cannot shrink the model: expected the option probes, for the input \w+ leaves a side open, got none$/,
    )
    const probes = tensor2d([0, 4, 2, 1], [2, 2], 'int32')
    const mask = dropping(model, { 'out/kernel': { axis: 0, drop: [0] } })
    const { layers: sizes, multiplyAdds } = await shrink(model, { mask, probes })
    expect(sizes[0]).toEqual({ layer: 'words', what: 'dimensions', before: 3, after: 2 })
    expect(multiplyAdds).toEqual({ before: 3, after: 2 })
    expect(probes.isDisposed).toBe(false)
  })

  it('shrink draws probes within the range of an embedding', async () => {
    const model = fillWeights(
      sequential({
        layers: [
          layers.embedding({ name: 'words', inputDim: 2, outputDim: 3, inputLength: 4 }),
          layers.flatten(),
          layers.dense({ name: 'out', units: 1 }),
        ],
      }),
    )
    for (let seed = 0; seed < 5; seed++) {
      const { model: copy } = await shrink(model, { seed })
      expect(modelWeights(copy).map(({ variable }) => variable.size)).toEqual([6, 12, 1])
    }
  })
})
