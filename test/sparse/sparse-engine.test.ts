import * as tf from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { applyMask, computeMask, type DatasetData, evaluateOn } from 'tfjs-prune'
import { sparseEngine } from 'tfjs-prune/sparse'
import { describe, expect, it } from 'vitest'

const image = [9, 9, 2] as const

async function prunedModel(density: number): Promise<LayersModel> {
  const made = sequential({
    layers: [
      layers.conv2d({ filters: 6, kernelSize: 3, activation: 'relu', inputShape: [...image] }),
      layers.flatten(),
      layers.dense({ units: 3 }),
    ],
  })
  applyMask(made, await computeMask(made, { density }))
  return made
}

const data = (samples: number) => ({
  xs: tf.randomNormal([samples, ...image], 0, 1, 'float32', 3) as tf.Tensor,
  ys: Array.from({ length: samples }, (_, i) => i % 3),
})

/** Batches of so many samples. */
function datasetOf({ xs, ys }: ReturnType<typeof data>, size: number): DatasetData {
  const starts = ys.map((_, i) => i).filter((i) => i % size === 0)
  return {
    size: starts.length,
    iterator: async () => {
      const left = [...starts]
      return {
        next: async () => {
          const from = left.shift()
          if (from === undefined) return { value: null, done: true }
          const part = ys.slice(from, from + size)
          return {
            value: { xs: tf.slice(xs, from, part.length), ys: tf.tensor1d(part) },
            done: false,
          }
        },
      }
    },
  }
}

/** A layer that only tfjs knows. */
class Doubling extends layers.Layer {
  static className = 'Doubling'
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul([inputs].flat()[0]!, 2)
  }
}

function withOwnLayer(): LayersModel {
  return sequential({ layers: [layers.dense({ units: 3, inputShape: [4] }), new Doubling({})] })
}

describe('sparseEngine', () => {
  it('gives the evaluation of tfjs, to rounding, from arrays and datasets', async () => {
    const model = await prunedModel(0.2)
    const { xs, ys } = data(53)
    const plain = await evaluateOn({ xs, ys }, { positiveClass: 1 })(model)
    for (const samples of [{ xs, ys }, datasetOf({ xs, ys }, 20)]) {
      const engine = sparseEngine({ when: 'always' })
      const found = await evaluateOn(samples, { positiveClass: 1, engine })(model)
      expect(found.engine).toEqual({ name: 'sparse', why: 'as asked for' })
      expect(found.scores).toHaveLength(53)
      found.scores!.forEach((score, i) => {
        expect(score).toBeCloseTo(plain.scores![i]!, 4)
      })
      expect(found.confusion).toEqual(plain.confusion)
      expect(found.auc).toBe(plain.auc)
    }
    expect(plain.engine).toBeUndefined()
  })

  it('runs where it is faster: on cpu, on wasm where weights are gone, never on a GPU', async () => {
    const engine = sparseEngine()
    const used = async (density: number, backend: string) => {
      const opened = await engine.open(await prunedModel(density), { backend })
      opened.dispose()
      expect(opened.predict === undefined).toBe(opened.used.name === 'tfjs')
      return opened.used
    }
    expect(await used(1, 'cpu')).toMatchObject({ name: 'sparse' })
    expect(await used(0.2, 'wasm')).toMatchObject({ name: 'sparse' })
    expect(await used(1, 'wasm')).toEqual({
      name: 'tfjs',
      why: '100 % of the multiply-adds are left, on wasm',
    })
    expect(await used(0.2, 'webgl')).toEqual({ name: 'tfjs', why: 'it runs on webgl' })
    expect(await used(0.2, 'webgpu')).toMatchObject({ name: 'tfjs' })
  })

  it('leaves a model that cannot be compiled to tfjs and says so, or refuses it', async () => {
    const model = withOwnLayer()
    const { used } = await sparseEngine().open(model, { backend: 'cpu' })
    expect(used.name).toBe('tfjs')
    expect(used.why).toMatch(/^no compiled network: expected .*Doubling/)
    const always = sparseEngine({ when: 'always' })
    await expect(always.open(model, { backend: 'cpu' })).rejects.toThrow(/Doubling/)
    const handed = await sparseEngine({ tfjs: tf }).open(model, { backend: 'cpu' })
    expect(handed.used).toEqual({ name: 'tfjs', why: expect.stringMatching(/cannot be compiled/) })
  })

  it('takes the weights that the model has at each evaluation, and leaves no tensor', async () => {
    const model = await prunedModel(0.5)
    const evaluate = evaluateOn(data(20), { positiveClass: 1, engine: sparseEngine() })
    const before = (await evaluate(model)).scores
    model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 2)))
    const { numTensors } = tf.memory()
    const after = (await evaluate(model)).scores
    expect(after).not.toEqual(before)
    expect(tf.memory().numTensors).toBe(numTensors)
  })

  it('names the input that is not finite', async () => {
    const model = await prunedModel(0.2)
    const { xs, ys } = data(6)
    const values = xs.dataSync().slice()
    values[3 * 162 + 5] = Number.NaN
    const engine = sparseEngine({ when: 'always' })
    const evaluate = evaluateOn(
      { xs: tf.tensor(values, xs.shape), ys },
      { positiveClass: 1, engine },
    )
    const { numTensors } = tf.memory()
    await expect(evaluate(model)).rejects.toThrow(/^Cannot evaluate: .* in xs.*, got NaN in row 3$/)
    expect(tf.memory().numTensors).toBe(numTensors)
  })

  it('refuses options and engines of the wrong kind', () => {
    expect(() => sparseEngine({ when: 'never' as never })).toThrow(RangeError)
    expect(() => sparseEngine({ round: {} } as never)).toThrow(/round/)
    expect(() => sparseEngine({ relaxed: 1 as never })).toThrow(TypeError)
    const engine = 'sparse' as never
    expect(() => evaluateOn(data(3), { positiveClass: 1, engine })).toThrow(
      new TypeError(
        'Cannot evaluate: expected engine with the function open, such as sparseEngine(), got "sparse"',
      ),
    )
  })
})
