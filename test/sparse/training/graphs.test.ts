import {
  dispose,
  mean,
  type Scalar,
  square,
  sub,
  type Tensor,
  tensor,
  tidy,
  train,
} from '@tensorflow/tfjs-core'
import type { SymbolicTensor } from '@tensorflow/tfjs-layers'
import {
  initializers,
  input,
  type LayersModel,
  layers,
  model,
  sequential,
} from '@tensorflow/tfjs-layers'
import { magnitude, maskOfZeros } from 'tfjs-prune'
import { describe, expect, it } from 'vitest'
import { always, expectSame, faster, images, roundsOf, seeded } from './rounds.js'
import { stepsOfSparse } from './support.js'

type Node = SymbolicTensor

const conv = (more: object = {}) =>
  layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', ...seeded(1), ...more })
const dense = (units: number, more: object = {}) =>
  layers.dense({ units, ...seeded(units), ...more })

const depths = {
  depthwiseInitializer: initializers.heNormal({ seed: 5 }),
  pointwiseInitializer: initializers.heNormal({ seed: 6 }),
}

/** A model of images of 4 x 4, from what lies between the input and the outputs. */
function graph(build: (xs: Node) => Node, shape = [4, 4, 1]): () => LayersModel {
  return () => {
    const xs = input({ shape })
    const end = build(xs)
    const flat = end.shape.length > 2 ? (layers.flatten().apply(end) as Node) : end
    return model({ inputs: xs, outputs: dense(2).apply(flat) as Node })
  }
}
const on = (layer: { apply: (x: never) => unknown }, x: Node | Node[]) =>
  layer.apply(x as never) as Node

/** Whole numbers, so that many values tie. */
const whole = images.map((value, i) =>
  i % 32 < 16 ? Math.round(value) : (Math.floor(i / 32) % 3) - 1,
)

/** Both columns of a last kernel move alike, so that what a weight gained would tie. */
const usual = {
  pruning: { criterion: magnitude(), schedule: [1, 0.4] },
  fitting: { clipNorm: 2 },
}

const graphs: Record<string, () => LayersModel> = {
  'a layer called three times': graph(
    (xs) => {
      const shared = dense(16, { activation: 'tanh' })
      return [1, 2, 3].reduce((at) => on(shared, at), xs)
    },
    [16],
  ),
  'a convolution called twice, and their sum': graph((xs) => {
    const shared = conv({ filters: 1 })
    const once = on(shared, xs)
    return on(layers.add(), [on(shared, once), once])
  }),
  'a norm called twice': graph(
    (xs) => {
      const norm = layers.batchNormalization()
      const once = on(norm, on(dense(5), xs))
      return on(norm, on(layers.reLU(), once))
    },
    [16],
  ),
  'a value added to itself': graph(
    (xs) => {
      const made = on(dense(6, { activation: 'relu' }), xs)
      return on(layers.add(), [made, made])
    },
    [16],
  ),
  'a value times itself': graph(
    (xs) => {
      const made = on(dense(6), xs)
      return on(layers.multiply(), [made, made])
    },
    [16],
  ),
  'a nested model called twice': graph(
    (xs) => {
      const inner = sequential({
        layers: [dense(16, { inputShape: [16], activation: 'relu' }), layers.batchNormalization()],
      })
      return on(inner, on(inner, xs))
    },
    [16],
  ),
  'a skip over a pool': graph((xs) => {
    const made = on(conv({ activation: 'relu', strides: 2 }), xs)
    const pooled = on(layers.averagePooling2d({ poolSize: 2 }), xs)
    return on(layers.concatenate(), [made, pooled])
  }),
  'units of 1': graph((xs) => on(dense(1, { activation: 'sigmoid' }), on(dense(1), xs)), [16]),
  'images of 1 x 1': graph(
    (xs) => on(layers.maxPooling2d({ poolSize: 1 }), on(conv({ activation: 'relu' }), xs)),
    [1, 1, 16],
  ),
  'layers without weights alone before the head': graph((xs) =>
    on(layers.zeroPadding2d({ padding: 1 }), on(layers.reLU(), xs)),
  ),
  'the head alone': graph((xs) => xs, [16]),
  'a sequence': graph(
    (xs) => {
      const made = on(layers.conv1d({ filters: 4, kernelSize: 3, ...seeded(2) }), xs)
      return on(layers.maxPooling1d({ poolSize: 2 }), made)
    },
    [8, 2],
  ),
  'a linear convolution before a maximum': graph((xs) =>
    on(layers.maxPooling2d({ poolSize: 2 }), on(conv({ filters: 2 }), on(conv(), xs))),
  ),
  'overlapping maxima': graph((xs) =>
    on(layers.maxPooling2d({ poolSize: 3, strides: 1, padding: 'same' }), on(conv(), xs)),
  ),
  'the maximum of all': graph((xs) =>
    on(layers.globalMaxPooling2d({}), on(conv({ filters: 5 }), on(conv(), xs))),
  ),
  'a maximum of all behind a cut': graph((xs) =>
    on(layers.globalMaxPooling2d({}), on(layers.reLU({ maxValue: 1 }), on(conv(), xs))),
  ),
  'activations that bend at 0': graph((xs) => {
    const made = on(conv({ activation: 'relu6' }), xs)
    const bent = on(layers.leakyReLU({ alpha: 0.2 }), on(conv(), made))
    return on(layers.activation({ activation: 'elu' }), on(conv(), bent))
  }),
  'hard sigmoid, softsign, softplus, selu': graph(
    (xs) => {
      const kinds = ['hardSigmoid', 'softsign', 'softplus', 'selu', 'swish', 'sigmoid'] as const
      return kinds.reduce((at, activation) => on(dense(5, { activation }), at), xs)
    },
    [16],
  ),
  'depthwise and separable': graph((xs) => {
    const depthwise = layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, ...depths })
    return on(layers.separableConv2d({ filters: 3, kernelSize: 2, ...depths }), on(depthwise, xs))
  }),
  'a transposed convolution': graph((xs) =>
    on(
      layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, ...seeded(4) }),
      on(conv({ activation: 'relu' }), xs),
    ),
  ),
}

describe('odd graphs: masks and weights are those of tfjs', () => {
  it.each(Object.keys(graphs))('%s', async (name) => {
    await expectSame({ build: graphs[name]!, ...usual })
  })
  const kinks = Object.keys(graphs).filter((name) =>
    /maxim|cut|bend|skip|1 x 1|sequence/.test(name),
  )
  it.each(kinks)('%s, of values that tie', async (name) => {
    await expectSame({ build: graphs[name]!, values: whole, ...usual })
  })
})

it('leaves a norm to tfjs whose calls have no order: its moving statistics would tell', async () => {
  const build = graph(
    (xs) => {
      const [norm, left, right] = [layers.batchNormalization(), dense(5), dense(5)]
      return on(layers.add(), [on(norm, on(left, xs)), on(norm, on(right, xs))])
    },
    [16],
  )
  const pruning = { schedule: [1] }
  await expect(roundsOf(always, { build, pruning })).rejects.toThrow(/calls of .* have no order/)
  const [round] = await roundsOf(faster, { build, pruning })
  expect(round!.engine!.why).toMatch(/calls of .* have no order/)
})

it('enlarged images have the gradient of finite differences; that of tfjs on cpu is wrong', async () => {
  const build = graph((xs) => on(layers.upSampling2d({ size: [2, 2] }), on(conv(), xs)))
  const network = build()
  const xs = tensor(images.slice(0, 48), [3, 4, 4, 1])
  const costOf = (outputs: Tensor) => mean(square(sub(outputs, 0.3))) as Scalar
  const kernel = network.weights[0]!
  const start = network.getWeights().map((weight) => weight.clone())
  const from = Float32Array.from(start[0]!.dataSync())
  const costAt = (place: number, by: number) =>
    tidy(() => {
      const moved = from.map((value, i) => (i === place ? value + by : value))
      kernel.write(tensor(moved, kernel.shape as number[]))
      return costOf(network.predict(xs) as Tensor).dataSync()[0]!
    })
  const slopes = [0, 7, 20].map((place) => (costAt(place, 0.01) - costAt(place, -0.01)) / 0.02)
  network.setWeights(start)
  const made = await stepsOfSparse({
    ...{ model: network, mask: await maskOfZeros(network), inputs: [xs], costOf, steps: 1 },
    makeOptimizer: () => train.sgd(1),
  })
  for (const [i, place] of [0, 7, 20].entries())
    expect(from[place]! - made.weights[0]![place]!).toBeCloseTo(slopes[i]!, 3)
  dispose([xs, start])
  network.dispose()
})
