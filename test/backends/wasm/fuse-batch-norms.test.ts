import {
  add,
  cast,
  grad,
  memory,
  mul,
  profile,
  setBackend,
  square,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { fuseBatchNorms, fuseRecurrent, registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { always, differenceOf, roundsOf, smallNetwork } from '../../sparse/training/rounds.js'
import { farthest, modelOf, onCpu, outcomeOf, withNoise } from './fused-support.js'
import { noise, watchHeap } from './support.js'

const normOf = (shape: number[], options = {}): LayersModel =>
  modelOf((x) => layers.batchNormalization(options).apply(x), shape)

/** Outputs and gradients, and the moving statistics afterwards. */
function all(made: LayersModel, xs: readonly Tensor[]): number[][] {
  withNoise(made)
  const values = outcomeOf(made, xs)
  return [...values, ...made.nonTrainableWeights.map((weight) => [...weight.read().dataSync()])]
}

/** How often tfjs squares deviations: once an ordinary batch norm in training. */
async function squares(run: () => unknown): Promise<number> {
  const { kernels } = await profile(() => void run())
  return kernels.filter(({ name }) => name === 'Square').length
}

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('fused batch norms', () => {
  beforeAll(() => void registerWasmGradients())

  /** It runs fused, and everything is as on the cpu backend. */
  const expectTheSame = async (made: LayersModel, xs: readonly Tensor[], tolerance = 1e-5) => {
    const wanted = await onCpu(() => all(made, xs))
    const { left } = fuseBatchNorms(made)
    expect(left).toEqual([])
    expect(farthest(wanted, all(made, xs))).toBeLessThan(tolerance)
    expect(await squares(() => outcomeOf(made, xs))).toBe(0)
  }

  it.each([
    [[5], 7],
    [[1], 9],
    [[16], 300],
    [[21], 600],
    [[4, 3], 5],
    [[4, 5, 8], 3],
    [[3, 3, 17], 40],
    [[1, 1, 6], 2],
  ] as const)('of [%s] for %i samples is that of tfjs', async (shape, samples) => {
    await expectTheSame(normOf([...shape]), [noise([samples, ...shape])])
  })

  it('is that of tfjs with another momentum, epsilon and axis told in full', async () => {
    for (const options of [{ momentum: 0.5 }, { epsilon: 0.5 }, { axis: 3 }])
      await expectTheSame(normOf([4, 3, 6], options), [noise([5, 4, 3, 6])])
  })

  it('keeps the variance of values far from 0', async () => {
    const [x, dy] = [add(noise([300, 5]), 100), noise([300, 5], 2)]
    const made = normOf([5])
    fuseBatchNorms(made)
    withNoise(made)
    const normed = (x: Tensor) => made.apply(x, { training: true }) as Tensor
    const [out, dx] = [normed(x), grad(normed)(x, dy)]
    const [gamma, beta] = made.getWeights().map((weight) => weight.dataSync())
    const [values, slopes] = [x.dataSync(), dy.dataSync()]
    const wanted: [number[], number[]] = [[], []]
    for (let channel = 0; channel < 5; channel++) {
      const places = Array.from({ length: 300 }, (_, row) => row * 5 + channel)
      const meanOf = (of: (place: number) => number) =>
        places.reduce((total, place) => total + of(place), 0) / 300
      const centre = meanOf((place) => values[place]!)
      const spread = Math.sqrt(meanOf((place) => (values[place]! - centre) ** 2) + 1e-3)
      const own = (place: number) => (values[place]! - centre) / spread
      const [slope, tilt] = [meanOf((p) => slopes[p]!), meanOf((p) => slopes[p]! * own(p))]
      for (const place of places) {
        wanted[0][place] = own(place) * gamma![channel]! + beta![channel]!
        wanted[1][place] =
          (gamma![channel]! / spread) * (slopes[place]! - slope - own(place) * tilt)
      }
    }
    // The mean has an error of 4e-6, the distance of floats near 100.
    expect(farthest(wanted, [[...out.dataSync()], [...dx.dataSync()]])).toBeLessThan(2e-5)
  })

  it('runs in nested models, over time, and where a layer is called twice', async () => {
    const inner = sequential({
      layers: [layers.reLU({ inputShape: [4] }), layers.batchNormalization()],
    })
    const shared = layers.batchNormalization()
    const twice = model(
      (() => {
        const [a, b] = [input({ shape: [3] }), input({ shape: [3] })]
        const both = [a, b].map((x) => shared.apply(x) as SymbolicTensor)
        return { inputs: [a, b], outputs: layers.add().apply(both) as SymbolicTensor }
      })(),
    )
    await expectTheSame(
      modelOf((x) => inner.apply(x), [4]),
      [noise([6, 4])],
    )
    await expectTheSame(
      modelOf(
        (x) => layers.timeDistributed({ layer: layers.batchNormalization() }).apply(x),
        [3, 4],
      ),
      [noise([6, 3, 4])],
    )
    await expectTheSame(twice, [noise([6, 3]), noise([6, 3], 2)])
  })

  it('a gradient of a gradient is that of cpu', async () => {
    const made = normOf([2, 3])
    const cost = (x: Tensor) =>
      sum(mul(square(made.apply(x, { training: true }) as Tensor), noise([4, 2, 3], 5)))
    const twice = () => [
      [...grad((x: Tensor) => sum(square(grad(cost)(x))))(noise([4, 2, 3])).dataSync()],
    ]
    const wanted = await onCpu(twice)
    fuseBatchNorms(made)
    expect(farthest(wanted, twice())).toBeLessThan(1e-5)
  })

  it('a gradient of an output that was taken before has a gradient as on cpu', async () => {
    const made = normOf([2, 3])
    const weighted = (x: Tensor) =>
      mul(square(made.apply(x, { training: true }) as Tensor), noise([4, 2, 3], 5))
    const twice = () => {
      const ofInner = grad((x: Tensor) => {
        const y = weighted(x)
        return sum(square(grad(() => y)(x)))
      })
      return [[...ofInner(noise([4, 2, 3])).dataSync()]]
    }
    const wanted = await onCpu(twice)
    fuseBatchNorms(made)
    expect(farthest(wanted, twice())).toBeLessThan(1e-5)
  })

  it('a gradient on another backend than its forward pass is right', async () => {
    const made = normOf([3, 6])
    fuseBatchNorms(made)
    const x = noise([4, 3, 6])
    const gradients = (between: () => void) => {
      withNoise(made)
      const slope = grad((x: Tensor) => {
        const out = made.apply(x, { training: true }) as Tensor
        between()
        return mul(out, noise([4, 3, 6], 3))
      })
      return [[...slope(x).dataSync()]]
    }
    const wanted = gradients(() => undefined)
    const got = gradients(() => void setBackend('cpu'))
    await setBackend('wasm')
    expect(farthest(wanted, got)).toBeLessThan(1e-6)
  })

  it('a prediction, another dtype and another backend run as before', async () => {
    const made = normOf([4, 6])
    const x = noise([5, 4, 6])
    const outputs = () => [...(made.predict(x) as Tensor).dataSync()]
    const before = outputs()
    fuseBatchNorms(made)
    expect(outputs()).toEqual(before)
    const whole = tidy(() => cast(mul(x, 10), 'int32'))
    const [, norm] = made.layers
    expect(await squares(() => norm!.apply(whole, { training: true }))).toBe(1)
    await setBackend('cpu')
    expect(await squares(() => made.apply(x, { training: true }))).toBe(1)
    await setBackend('wasm')
  })

  it('layers that it cannot run are left, each with the reason', () => {
    class Own extends (layers.batchNormalization().constructor as typeof layers.Layer) {}
    const replaced = layers.batchNormalization()
    Object.assign(replaced, { call: replaced.call })
    for (const [layer, reason] of [
      [layers.batchNormalization({ axis: 1 }), 'its axis is 1'],
      [layers.batchNormalization({ scale: false }), 'it has no gamma'],
      [layers.batchNormalization({ center: false }), 'it has no beta'],
      [replaced, 'its call is replaced already'],
      [new Own({} as object), 'its class is BatchNormalization, but not that of tfjs'],
    ] as const) {
      const made = modelOf((x) => layer.apply(x), [4, 3])
      const { fused, left } = fuseBatchNorms(made)
      expect({ fused, left }).toEqual({ fused: [], left: [{ layer: layer.name, reason }] })
    }
  })

  it('refuses a model without batch norms, no model and another backend', async () => {
    const dense = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] })
    expect(() => fuseBatchNorms(dense)).toThrow(
      'Cannot fuse batch norms: expected a model with batch norms, got one without: it needs none of this',
    )
    expect(() => fuseBatchNorms(undefined as never)).toThrow('Cannot fuse batch norms: expected')
    await setBackend('cpu')
    expect(() => fuseBatchNorms(normOf([3]))).toThrow(
      "Cannot fuse batch norms: expected the wasm backend in use (await setBackend('wasm') first), got cpu",
    )
    await setBackend('wasm')
  })

  it('restores, and stands beside fused recurrent layers', async () => {
    const made = modelOf((x) => {
      const sequence = layers
        .gru({
          ...{ units: 4, returnSequences: true, recurrentInitializer: 'glorotNormal' },
        })
        .apply(x) as SymbolicTensor
      return layers.batchNormalization().apply(sequence)
    })
    const recurrent = fuseRecurrent(made)
    const norms = fuseBatchNorms(made)
    expect([recurrent.fused.length, norms.fused.length]).toEqual([1, 1])
    const run = () => made.apply(noise([3, 6, 5]), { training: true })
    expect(await squares(run)).toBe(0)
    norms.restore()
    norms.restore()
    expect(await squares(run)).toBe(1)
    expect(recurrent.fused).toEqual(fuseRecurrent(made).left.map(({ layer }) => layer))
  })

  const built = ({ frozen = false, fused = false }) => {
    const made = smallNetwork()
    made.getLayer('norm').trainable = !frozen
    if (fused) expect(fuseBatchNorms(made).fused).toEqual(['norm'])
    return made
  }

  it.each([false, true])('prune gives the same networks, frozen norms: %s', async (frozen) => {
    const ordinary = await roundsOf({}, { build: () => built({ frozen }) })
    const fused = await roundsOf({}, { build: () => built({ frozen, fused: true }) })
    for (const [i, round] of fused.entries())
      expect(differenceOf(ordinary[i]!, round)).toBeLessThan(1e-5)
  })

  it('a network with fused norms can still be trained compiled', async () => {
    const compiled = await roundsOf(always, { build: () => built({ fused: true }) })
    expect(compiled.map(({ engine }) => engine?.name)).toEqual(['sparse', 'sparse', 'sparse'])
  })

  it('a step leaves nothing on the heap', () => {
    const made = normOf([8, 8, 3])
    fuseBatchNorms(made)
    const x = noise([4, 8, 8, 3])
    const step = () => void outcomeOf(made, [x])
    step()
    const held = watchHeap()
    const before = memory().numTensors
    for (let i = 0; i < 3; i++) step()
    expect(memory().numTensors).toBe(before)
    expect(held()).toBeLessThanOrEqual(4) // the moving statistics, each written anew
  })
})
