import {
  dispose,
  losses,
  memory,
  type Optimizer,
  type Scalar,
  type Tensor,
  train,
  type Variable,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  type Criterion,
  elements,
  globally,
  lamp,
  magnitudeIncrease,
  maskOfZeros,
  pruneWeights,
  random,
} from 'tfjs-prune'
import { describe, expect, test, vi } from 'vitest'
import { cubicDensity } from '../../src/gradual/cubic-density.js'
import type { GradualPrunerOptions } from '../../src/gradual/gradual-options.js'
import { type GradualPruner, gradualPruner } from '../../src/gradual/gradual-pruner.js'
import { disposeOptimizer } from '../../src/internal/optimizer-wrapper.js'
import { denseMask } from '../../src/masks/dense-mask.js'
import { decodeMask, encodeMask } from '../../src/masks/encode-mask.js'
import type { Mask } from '../../src/masks/mask.js'
import { weightBits } from '../prune/support.js'
import { optimizers } from '../support/optimizers.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { trainByHand, trainingData } from '../support/training.js'
import { countAlive, countRevived, weightsByName } from '../support/weights.js'

const SIZES = [24, 12]

/** Kept elements of each kernel of the small model at a density. */
const countsAt = (density: number) => SIZES.map((size) => Math.max(1, Math.round(size * density)))
const countsOf = ({ weights }: Mask) => weights.map(({ kept }) => kept)

function expectSubset(mask: Mask, before: Mask) {
  mask.weights.forEach(({ values }, i) => {
    expect(values.every((kept, k) => kept <= before.weights[i]!.values[k]!)).toBe(true)
  })
}

/** One step of an own loop on a batch of its own. */
function stepOf(model: LayersModel, optimizer: Optimizer) {
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
  return (batch: number) => {
    const { xs, ys } = trainingData(8, batch)
    const cost = () =>
      losses.meanSquaredError(ys, model.apply(xs, { training: true }) as Tensor) as Scalar
    optimizer.minimize(cost, false, variables)
    dispose([xs, ys])
  }
}

const schedule = { density: 0.1, begin: 20, end: 200, every: 15 }

describe('gradualPruner in a loop', () => {
  // Stock centred RMSProp makes NaN of kept weights that no longer lead to an output: see
  // maskedOptimizer.
  test.each(Object.keys(optimizers).filter((kind) => kind !== 'centered rmsprop'))(
    'gradualPruner follows its schedule and revives no weight in 300 steps with %s',
    async (kind) => {
      const model = smallModel()
      const pruner = await gradualPruner(model, schedule)
      const optimizer = pruner.optimizer(optimizers[kind]!())
      const step = stepOf(model, optimizer)
      const density = cubicDensity({ finalDensity: 0.1, begin: 20, end: 200, every: 15 })
      let before = pruner.mask
      let revived = 0
      for (let done = 1; done <= 300; done++) {
        step(done % 16)
        revived += countRevived(model, pruner.mask)
        expect(await pruner.step()).toBe(density(done) < density(done - 1))
        revived += countRevived(model, pruner.mask)
        expect(countsOf(pruner.mask)).toEqual(countsAt(density(done)))
        if (pruner.mask !== before) expectSubset(pruner.mask, before)
        before = pruner.mask
      }
      expect(revived).toBe(0)
      expect(pruner.state).toEqual({ step: 300, mask: pruner.mask })
      expect(countsOf(pruner.mask)).toEqual([2, 1])
      expect(countAlive(model, pruner.mask)).toBe(3)
      pruner.dispose()
      disposeOptimizer(optimizer)
    },
  )

  test('gradualPruner prunes the weights that are smallest when their step has come', async () => {
    const model = smallModel()
    const pruner = await gradualPruner(model, { density: 0.25, end: 3, every: 3 })
    const optimizer = pruner.optimizer(train.momentum(0.1, 0.9))
    const step = stepOf(model, optimizer)
    for (let done = 1; done <= 2; done++) {
      step(done)
      expect(await pruner.step()).toBe(false)
    }
    step(3)
    const trained = weightsByName(model)
    expect(await pruner.step()).toBe(true)
    for (const { name, values } of pruner.mask.weights) {
      const sizes = trained[name]!.map(Math.abs)
      const kept = sizes.filter((_, i) => values[i] === 1)
      const gone = sizes.filter((_, i) => values[i] === 0)
      expect(Math.min(...kept)).toBeGreaterThanOrEqual(Math.max(...gone))
      const now = weightsByName(model)[name]!
      for (const [i, kept] of values.entries()) expect(now[i]).toBe(kept ? trained[name]![i] : 0)
    }
    optimizer.dispose()
  })

  test('gradualPruner takes criterion, allocator and selection', async () => {
    const model = smallModel()
    const initial = weightsByName(model)
    const seen: number[] = []
    const criterion: Criterion = (weight) => {
      seen.push(weight.round)
      expect([...weight.initial.dataSync()]).toEqual([...initial[weight.name]!])
      return magnitudeIncrease()(weight)
    }
    const pruner = await gradualPruner(model, {
      density: 0.25,
      end: 4,
      every: 2,
      criterion,
      allocate: globally(),
    })
    // The pieces are tried on each weight beforehand.
    seen.length = 0
    const optimizer = pruner.optimizer(train.adam(0.05))
    for (let done = 1; done <= 4; done++) {
      stepOf(model, optimizer)(done)
      await pruner.step()
    }
    expect(pruner.mask.kept).toBe(9)
    expect(seen).toEqual([2, 2, 4, 4])
    const select = { keepLastLayer: true }
    const other = await gradualPruner(smallModel(), {
      density: 0.5,
      end: 1,
      select,
      criterion: random({ seed: 1 }),
    })
    await other.step()
    expect(other.mask.weights.map(({ name, kept }) => [name, kept])).toEqual([
      ['hidden/kernel', 12],
    ])
    optimizer.dispose()
  })

  test('gradualPruner never brings back what is pruned, whatever the criterion says of it', async () => {
    const pruner = await gradualPruner(smallModel(), {
      density: 0.1,
      end: 20,
      every: 2,
      criterion: random({ seed: 1 }),
    })
    for (let done = 1; done <= 20; done++) {
      const before = pruner.mask
      await pruner.step()
      expectSubset(pruner.mask, before)
    }
    expect(countsOf(pruner.mask)).toEqual([2, 1])
  })

  test('gradualPruner prunes at once where its first density asks for it', async () => {
    const model = smallModel()
    const pruner = await gradualPruner(model, {
      density: 0.25,
      initialDensity: 0.5,
      end: 10,
      every: 5,
    })
    expect(countsOf(pruner.mask)).toEqual([12, 6])
    expect(countRevived(model, pruner.mask)).toBe(0)
    expect(countAlive(model, pruner.mask)).toBe(18)
    const later = smallModel()
    const bits = weightBits(later)
    const second = await gradualPruner(later, {
      density: 0.25,
      initialDensity: 0.5,
      begin: 1,
      end: 10,
    })
    expect([second.mask.density, weightBits(later)]).toEqual([1, bits])
    expect(await second.step()).toBe(true)
    expect(countsOf(second.mask)).toEqual([12, 6])
  })

  test('gradualPruner leaves limits of the selection alone until pruning begins', async () => {
    const limits = [
      { include: 'hidden/kernel', maximumDensity: 0.5 },
      { include: 'out/kernel', minimumKept: 5 },
    ]
    const pruner = await gradualPruner(smallModel(), {
      density: 0.1,
      begin: 1,
      end: 3,
      every: 1,
      select: { limits },
    })
    const counts = [countsOf(pruner.mask)]
    for (let done = 1; done <= 3; done++) {
      await pruner.step()
      counts.push(countsOf(pruner.mask))
    }
    expect(counts).toEqual([
      [24, 12],
      [24, 12],
      [5, 5],
      [2, 5],
    ])
  })

  test('gradualPruner goes on from its state, brought back from text, as if nothing had happened', async () => {
    const run = async (model: LayersModel, pruner: GradualPruner, [from, to]: [number, number]) => {
      const optimizer = pruner.optimizer(train.sgd(0.05))
      for (let done = from; done < to; done++) {
        stepOf(model, optimizer)(done % 16)
        await pruner.step()
      }
      pruner.dispose()
      disposeOptimizer(optimizer)
    }
    const options: GradualPrunerOptions = { ...schedule, criterion: random({ seed: 3 }) }
    const whole = smallModel()
    const uninterrupted = await gradualPruner(whole, options)
    await run(whole, uninterrupted, [0, 250])
    const model = smallModel()
    const first = await gradualPruner(model, options)
    await run(model, first, [0, 90])
    const stored = { step: first.state.step, mask: decodeMask(encodeMask(first.state.mask)) }
    const second = await gradualPruner(model, { ...options, resume: stored })
    expect(second.state.step).toBe(90)
    await run(model, second, [90, 250])
    expect(countsOf(second.mask)).toEqual(countsOf(uninterrupted.mask))
    expect(second.mask.weights.map(({ values }) => values)).toEqual(
      uninterrupted.mask.weights.map(({ values }) => values),
    )
    expect(weightBits(model)).toEqual(weightBits(whole))
  })

  test('gradualPruner holds each mask in all of its optimizers', async () => {
    const model = smallModel()
    const pruner = await gradualPruner(model, { density: 0.25, end: 2, every: 1 })
    const pair = [train.adam(0.05), train.momentum(0.05, 0.9)].map(pruner.optimizer)
    for (let done = 1; done <= 12; done++) {
      stepOf(model, pair[done % 2]!)(done)
      expect(countRevived(model, pruner.mask)).toBe(0)
      await pruner.step()
    }
    pair[0]!.dispose()
    trainByHand(model, pair[1]!, { steps: 5, form: 'list' })
    trainByHand(model, pair[1]!, { steps: 5, form: 'map' })
    expect(countRevived(model, pruner.mask)).toBe(0)
    pair[1]!.dispose()
  })

  test('gradualPruner leaves no tensor, and its optimizers can be saved and restored as the inner ones', async () => {
    const once = async () => {
      const model = smallModel()
      const pruner = await gradualPruner(model, { density: 0.25, end: 4, every: 2 })
      const optimizer = pruner.optimizer(train.adam(0.05))
      trainByHand(model, optimizer, { steps: 1 })
      for (let done = 1; done <= 5; done++) await pruner.step()
      const slots = await optimizer.getWeights()
      expect(slots.length).toBeGreaterThan(4)
      expect([optimizer.getClassName(), optimizer.iterations]).toEqual(['Adam', 1])
      slots[0]!.tensor.dispose()
      trainByHand(model, optimizer, { steps: 2 })
      expect(countRevived(model, pruner.mask)).toBe(0)
      pruner.dispose()
      disposeOptimizer(optimizer)
      model.dispose()
    }
    await expect(once).toLeaveNoTensors()
  })

  test('gradualPruner ends its optimizers, and makes no mask for one that was disposed', async () => {
    const model = smallModel()
    const pruner = await gradualPruner(model, { density: 0.25, end: 2, every: 1 })
    const gone = pruner.optimizer(train.sgd(0.1))
    disposeOptimizer(gone)
    const before = memory().numTensors
    await pruner.step()
    expect(memory().numTensors).toBe(before)
    const inner = train.sgd(0.1)
    const held = pruner.optimizer(inner)
    pruner.dispose()
    expect(() => trainByHand(model, held, { steps: 1 })).toThrow('expected a mask that is in use')
    trainByHand(model, inner, { steps: 1 })
    const bits = weightBits(model)
    expect(await lateRefusalOf(pruner.step)).toMatch(/a pruner that is in use, got one that is dis/)
    expect(refusalOf(() => pruner.optimizer(inner))).toMatch(/got one that is disposed$/)
    expect(weightBits(model)).toEqual(bits)
  })

  test('gradualPruner makes ten masks by default where the steps are few', async () => {
    const pruner = await gradualPruner(smallModel(), { density: 0.1, end: 80 })
    const made = []
    for (let done = 1; done <= 80; done++) if (await pruner.step()) made.push(done)
    expect(made).toEqual([8, 16, 24, 32, 40, 48, 56, 64, 72, 80])
  })

  test('gradualPruner keeps its mask where a later part of the step fails', async () => {
    const complete = vi.fn((_: LayersModel, mask: Mask) => mask)
    const granularity = { ...elements(), complete }
    const pruner = await gradualPruner(smallModel(), {
      density: 0.25,
      end: 2,
      every: 1,
      granularity,
    })
    const { mask } = pruner
    complete.mockImplementationOnce(() => {
      throw new Error('no more')
    })
    await expect(pruner.step()).rejects.toThrow('no more')
    expect(pruner.state).toEqual({ step: 0, mask })
    expect(await pruner.step()).toBe(true)
    expect(pruner.mask.kept).toBeLessThan(mask.kept)
  })
})

describe('gradualPruner in model.fit', () => {
  const quick = { batchSize: 4, shuffle: false, yieldEvery: 'never', verbose: 0 } as const

  test.each(['momentum', 'adam'])(
    'gradualPruner revives no weight in 300 steps of model.fit with %s',
    async (kind) => {
      const model = smallModel()
      const pruner = await gradualPruner(model, schedule)
      const optimizer = pruner.optimizer(optimizers[kind]!())
      model.compile({ optimizer, loss: 'meanSquaredError' })
      expect(model.optimizer).toBe(optimizer)
      const density = cubicDensity({ finalDensity: 0.1, begin: 20, end: 200, every: 15 })
      const { onBatchEnd, ...others } = pruner.callback()
      expect(others).toEqual({})
      let done = 0
      const failures: string[] = []
      const callbacks = {
        onBatchEnd: async (batch: number) => {
          done++
          if (countRevived(model, pruner.mask) > 0) failures.push(`revived after step ${done}`)
          await onBatchEnd!(batch)
          if (countRevived(model, pruner.mask) > 0) failures.push(`not pruned after step ${done}`)
          if (countsOf(pruner.mask).join() !== countsAt(density(done)).join())
            failures.push(`counts at ${done}`)
        },
      }
      const { xs, ys } = trainingData(400)
      // Twice: the pruner goes on where it was.
      await model.fit(xs, ys, { ...quick, epochs: 1, callbacks })
      await model.fit(xs, ys, { ...quick, epochs: 2, callbacks })
      expect([failures, done, pruner.state.step, optimizer.iterations]).toEqual([[], 300, 300, 300])
      pruner.dispose()
      disposeOptimizer(optimizer)
    },
  )

  test('gradualPruner ends model.fit when its signal is aborted, with the mask of the step before', async () => {
    const model = smallModel()
    const controller = new AbortController()
    const pruner = await gradualPruner(model, {
      density: 0.25,
      end: 4,
      signal: controller.signal,
      every: 1,
    })
    model.compile({ optimizer: pruner.optimizer(train.adam(0.01)), loss: 'meanSquaredError' })
    const stop = {
      onBatchBegin: (batch: number) => void (batch === 2 && controller.abort(new Error('enough'))),
    }
    const callbacks = { ...pruner.callback(), ...stop }
    const { xs, ys } = trainingData(16, 1)
    await expect(model.fit(xs, ys, { ...quick, callbacks })).rejects.toThrow('enough')
    expect(pruner.state).toEqual({ step: 2, mask: pruner.mask })
    expect(pruner.mask.kept).toBe(countAlive(model, pruner.mask))
    expect(pruner.mask.density).toBeLessThan(1)
    const rest = await gradualPruner(model, {
      density: 0.25,
      end: 4,
      every: 1,
      resume: pruner.state,
    })
    while (rest.state.step < 4) await rest.step()
    expect(countsOf(rest.mask)).toEqual([6, 3])
    pruner.dispose()
    dispose([xs, ys])
  })

  test('gradualPruner leaves no tensor in model.fit', async () => {
    const { xs, ys } = trainingData(16)
    const once = async () => {
      const model = smallModel()
      const pruner = await gradualPruner(model, { density: 0.25, end: 6, every: 2 })
      const optimizer = pruner.optimizer(train.adam(0.01))
      model.compile({ optimizer, loss: 'meanSquaredError' })
      await model.fit(xs, ys, { ...quick, epochs: 2, callbacks: pruner.callback() })
      expect(countsOf(pruner.mask)).toEqual([6, 3])
      disposeOptimizer(optimizer)
      model.dispose()
    }
    await expect(once).toLeaveNoTensors()
  })
})

describe('gradualPruner refuses', () => {
  const refusal = (options: unknown, model = smallModel()) =>
    lateRefusalOf(() => gradualPruner(model, options as GradualPrunerOptions))

  test.each([
    [
      { density: 0, end: 5 },
      'RangeError: Cannot prune gradually: expected density to be a number in (0, 1), got 0',
    ],
    [
      { density: '1', end: 5 },
      'TypeError: Cannot prune gradually: expected density to be a number in (0, 1), got "1"',
    ],
    [
      { density: 0.5, initialDensity: 0.4, end: 5 },
      'RangeError: Cannot prune gradually: expected initialDensity to be a number in [0.5, 1], got 0.4',
    ],
    [{ density: 0.5, begin: 5, end: 5 }, 'end to be a whole number above begin, 5, got 5'],
    [{ density: 0.5, end: 5, every: 0 }, 'every to be a whole number of at least 1, got 0'],
    [{ density: 0.5, end: 5, steps: 3 }, 'got steps'],
    [
      { density: 0.5, end: 5, resume: { step: -1 } },
      'expected resume.step to be a whole number of at least 0, got -1',
    ],
    [{ density: 0.5, end: 5, select: { include: 'nowhere' } }, 'nowhere'],
    [{ density: 0.5, end: 5, allocate: () => [1] }, 'expected 2 counts from the allocator'],
    [
      { density: 0.5, end: 5, allocate: lamp(), criterion: magnitudeIncrease() },
      'as criterion: magnitude() gives',
    ],
    [
      { density: 0.5, end: 5, signal: {} },
      'TypeError: Cannot prune gradually: expected an AbortSignal as signal, got',
    ],
  ])('gradualPruner refuses %j before any weight changes', async (options, message) => {
    const model = smallModel()
    const bits = weightBits(model)
    expect(await refusal(options, model)).toContain(message)
    expect(weightBits(model)).toEqual(bits)
  })

  test('gradualPruner does not begin with a signal that is aborted', async () => {
    const signal = AbortSignal.abort('not today')
    const model = smallModel()
    const bits = weightBits(model)
    await expect(
      gradualPruner(model, { density: 0.5, initialDensity: 0.5, end: 5, signal }),
    ).rejects.toBe('not today')
    expect(weightBits(model)).toEqual(bits)
  })

  test.each<[string, () => unknown, RegExp]>([
    [
      'no mask',
      () => undefined,
      /TypeError: .+ expected a mask, such as round.mask, got undefined/,
    ],
    [
      'a mask from JSON',
      () => JSON.parse(JSON.stringify(denseMask(smallModel()))),
      /expected typed arrays in the mask, .+ use encodeMask/,
    ],
    [
      'a mask that is above the density at the end',
      () => denseMask(smallModel()),
      /RangeError: .+ expected end above resume.step, 100, for a mask above the density, got 100 and a mask of 1$/,
    ],
  ])('gradualPruner refuses to resume with %s', async (_, make, message) => {
    const resume = { step: 100, mask: make() }
    expect(await refusal({ density: 0.25, end: 100, resume })).toMatch(message)
  })

  test('gradualPruner resumes past its end with a mask that limits hold above the density', async () => {
    const select = { limits: [{ include: 'out', minimumDensity: 0.5 }] }
    const options = { density: 0.25, end: 2, every: 1, select }
    const pruner = await gradualPruner(smallModel(), options)
    for (let done = 0; done < 3; done++) await pruner.step()
    expect(countsOf(pruner.mask)).toEqual([6, 6])
    const { mask } = await gradualPruner(smallModel(), { ...options, resume: pruner.state })
    expect(mask).toEqual(pruner.mask)
  })

  test('gradualPruner refuses the mask of another model', async () => {
    const { mask } = await gradualPruner(smallModel(), {
      density: 0.5,
      end: 5,
      select: { keepLastLayer: true },
    })
    expect(await refusal({ density: 0.5, end: 5, resume: { step: 3, mask } })).toContain(
      'out/kernel',
    )
  })

  test('gradualPruner refuses a step while another one is under way, and goes on after an error', async () => {
    const model = smallModel()
    let isBroken = false
    const criterion: Criterion = ({ final }) => {
      if (isBroken) throw new Error('broken')
      return final.clone()
    }
    const pruner = await gradualPruner(model, { density: 0.5, end: 1, criterion })
    isBroken = true
    await expect(pruner.step()).rejects.toThrow('broken')
    expect([pruner.state.step, pruner.mask.density]).toEqual([0, 1])
    isBroken = false
    const first = pruner.step()
    expect(await lateRefusalOf(() => pruner.step())).toContain(
      'expected the step before to be awaited',
    )
    expect(await first).toBe(true)
    expect(pruner.mask.density).toBe(0.5)
  })
})

describe('gradualPruner with a model that is sparse already', () => {
  test('gradualPruner asks for its mask, and keeps its zeros to the end', async () => {
    const model = smallModel()
    const previous = await pruneWeights(model, { density: 0.5 })
    expect(await lateRefusalOf(() => gradualPruner(model, { density: 0.25, end: 4 }))).toMatch(
      /^RangeError: Cannot prune gradually: expected previous for a sparse model, got none: 18 of 36 /,
    )
    const options = { density: 0.25, end: 4, every: 2, previous: await maskOfZeros(model) }
    const pruner = await gradualPruner(model, options)
    expect(countsOf(pruner.mask)).toEqual([12, 6])
    const optimizer = pruner.optimizer(train.adam(0.1))
    const step = stepOf(model, optimizer)
    for (let done = 1; done <= 6; done++) {
      step(done)
      await pruner.step()
      expect(countRevived(model, previous)).toBe(0)
      expectSubset(pruner.mask, previous)
    }
    expect(countsOf(pruner.mask)).toEqual([6, 3])
    const both = { ...options, resume: pruner.state }
    expect(await lateRefusalOf(() => gradualPruner(model, both))).toBe(
      'RangeError: Cannot prune gradually: expected previous or resume, got both',
    )
    pruner.dispose()
    disposeOptimizer(optimizer)
  })
})
