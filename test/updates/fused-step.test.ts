import {
  AdamOptimizer,
  add,
  dispose,
  type Optimizer,
  type Scalar,
  SGDOptimizer,
  sum,
  type Tensor,
  tensor,
  train,
  variable,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { setLearningRate } from '../../src/internal/learning-rate.js'
import { disposeOptimizer, OptimizerWrapper } from '../../src/internal/optimizer-wrapper.js'
import { MaskedOptimizer } from '../../src/masks/masked-optimizer.js'
import { clippedOptimizer } from '../../src/training/clipped-optimizer.js'
import { fusedStep } from '../../src/updates/fused-step.js'
import {
  fuse,
  fusedKinds,
  heldSubject,
  numbersOf,
  ownKinds,
  plainSubject,
  type Subject,
  stateOf,
  step,
} from './support.js'

beforeAll(fuse)

/** Shares of the elements, few and many: 1 in 40 or 12, 1 in 2 and all. */
const SHARES = [40, 12, 2, 1]

const free = ({ variables, optimizer }: Subject) => {
  dispose(variables)
  disposeOptimizer(optimizer)
}

/** Takes steps with both; the plain one gets gradients that are 0 where elements are pruned. */
function train20(held: Subject, plain: Subject, after?: (at: number) => void): void {
  for (let at = 0; at < 20; at++) {
    step(held, { seed: at, masked: false })
    step(plain, { seed: at, masked: true })
    after?.(at)
  }
}

describe('a fused step', () => {
  test.each(Object.keys(fusedKinds).flatMap((kind) => SHARES.map((n) => [kind, n] as const)))(
    'a fused step of %s with 1 of %i elements is that of tfjs to the last bit',
    async (kind, n) => {
      const held = heldSubject(fusedKinds[kind]!, n)
      const plain = plainSubject(fusedKinds[kind]!, held)
      train20(held, plain)
      expect(numbersOf(held.variables)).toEqual(numbersOf(plain.variables))
      expect(await stateOf(held.optimizer)).toEqual(await stateOf(plain.optimizer))
      for (const one of [held, plain]) free(one)
    },
  )

  test('a fused step leaves to the optimizer of tfjs its slots and the count alone', () => {
    const own = vi.spyOn(AdamOptimizer.prototype, 'applyGradients')
    const held = heldSubject(fusedKinds.adam!, 4)
    step(held, { seed: 1, masked: false })
    const [given] = own.mock.calls[0]! as unknown as [{ tensor: Tensor | null }[]]
    expect(given.map((one) => one.tensor)).toEqual(held.variables.map(() => null))
    own.mockRestore()
    free(held)
  })

  test.each(Object.keys(ownKinds))('a subclass of %s takes its own step', (kind) => {
    const x = variable(tensor([1, 2]))
    const gradient = tensor([1, 1])
    const optimizer = ownKinds[kind]!()
    const take = () =>
      fusedStep()!({ [x.name]: gradient }, { held: new Map(), settled: true }, optimizer)
    expect([take(), optimizer.iterations, ...x.dataSync()]).toEqual([undefined, 0, 1, 2])
    disposeOptimizer(optimizer)
    dispose([x, gradient])
  })

  test.each(Object.keys(fusedKinds))('a fused step of %s revives nothing in 1,000', (kind) => {
    const held = heldSubject(fusedKinds[kind]!, 40)
    for (let at = 0; at < 1000; at++) step(held, { seed: at, masked: false })
    const pruned = held.variables.flatMap((one, i) =>
      [...one.dataSync()].filter((_, at) => held.masks[i]![at] === 0),
    )
    expect(pruned.length).toBeGreaterThan(70)
    expect(pruned.filter((value) => !Object.is(value, 0))).toEqual([])
    expect(held.optimizer.iterations).toBe(1000)
    free(held)
  })

  test.each([40, 12, 2])('a fused step clips by the norm of the kept gradients, 1 of %i', (n) => {
    const clipNorm = 0.5
    const held = heldSubject(() => clippedOptimizer(train.sgd(1), { clipNorm }), n)
    const before = numbersOf(held.variables)
    const seen: number[] = []
    const look = (gradients: Float32Array[]) => {
      for (const [i, all] of gradients.entries())
        for (const [at, value] of all.entries()) if (held.masks[i]![at]) seen.push(value)
    }
    step(held, { seed: 3, masked: false, change: look })
    const factor = clipNorm / Math.hypot(...seen)
    let next = 0
    for (const [i, all] of numbersOf(held.variables).entries())
      for (const [at, value] of all.entries()) {
        const wanted = held.masks[i]![at] ? before[i]![at]! - factor * seen[next++]! : 0
        expect(Math.abs(value - wanted)).toBeLessThan(1e-6)
      }
    expect(next).toBe(seen.length)
    free(held)
  })

  test('a fused step within the norm is that without clipping to the last bit', () => {
    const held = heldSubject(() => clippedOptimizer(fusedKinds.adam!(), { clipNorm: 1e3 }), 3)
    const plain = plainSubject(fusedKinds.adam!, held)
    train20(held, plain)
    expect(numbersOf(held.variables)).toEqual(numbersOf(plain.variables))
    for (const one of [held, plain]) free(one)
  })

  test.each(['momentum', 'adam', 'rmsprop'])('%s sees another learning rate', async (kind) => {
    const held = heldSubject(fusedKinds[kind]!, 3)
    const plain = plainSubject(fusedKinds[kind]!, held)
    train20(held, plain, (at) => {
      for (const { optimizer } of [held, plain])
        setLearningRate(innermost(optimizer), 0.1 / (at + 1))
    })
    expect(numbersOf(held.variables)).toEqual(numbersOf(plain.variables))
    for (const one of [held, plain]) free(one)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d in gradients does as in tfjs', (odd) => {
    for (const kind of Object.keys(fusedKinds)) {
      const held = heldSubject(fusedKinds[kind]!, 2)
      const plain = plainSubject(fusedKinds[kind]!, held)
      // The first element of each weight is kept, the second is pruned in those with masks.
      for (let at = 0; at < 3; at++) {
        step(held, {
          seed: at,
          masked: false,
          change: (all) => fillStarts(all, odd, () => 2),
        })
        step(plain, {
          ...{ seed: at, masked: true },
          change: (all) => fillStarts(all, odd, (i) => (i < 3 ? 1 : 2)),
        })
      }
      const numbers = numbersOf(held.variables)
      expect(numbers).toEqual(numbersOf(plain.variables))
      expect([Number.isFinite(numbers[0]![0]), numbers[0]![1]]).toEqual([false, 0])
      for (const one of [held, plain]) free(one)
    }
  })

  test.each(Object.keys(fusedKinds))(
    'nothing that was taken from %s before changes',
    async (kind) => {
      const held = heldSubject(fusedKinds[kind]!, 40)
      step(held, { seed: 1, masked: false })
      const slots = (await held.optimizer.getWeights()).map((one) => one.tensor as Tensor)
      const all = [...held.variables, ...slots.slice(1)]
      const clones = all.map((one) => one.clone())
      const arrays = all.map((one) => one.dataSync())
      const before = numbersOf(all)
      for (let at = 2; at < 5; at++) step(held, { seed: at, masked: false })
      expect(numbersOf(clones)).toEqual(before)
      expect(arrays.map((one) => [...one])).toEqual(before)
      if (slots.length > 1) expect(numbersOf(slots.slice(1, 2))).not.toEqual([before[5]])
      expect(numbersOf(held.variables.slice(0, 1))).not.toEqual([before[0]])
      dispose([...clones, slots[0]!])
      free(held)
    },
  )

  test('slots that a user has set are not written to', async () => {
    const x = variable(tensor([1, 2, 3, 4, 5]))
    const gradient = tensor([1, 1, 1, 1, 1])
    const [steps, slot] = [tensor(3, [], 'int32'), tensor([1, 1, 1, 1, 1])]
    const optimizer = train.momentum(0.5, 0.5)
    const named = [steps, slot].map((one) => ({ name: 'slot', tensor: one }))
    await optimizer.setWeights(named as never)
    new MaskedOptimizer(optimizer, [], false).applyGradients({ [x.name]: gradient })
    // v = 0.5 * 1 + 1 = 1.5; x -= 0.5 * 1.5
    expect([...slot.dataSync()]).toEqual([1, 1, 1, 1, 1])
    expect([...x.dataSync()]).toEqual([0.25, 1.25, 2.25, 3.25, 4.25])
    disposeOptimizer(optimizer)
    dispose([x, gradient, steps, slot])
  })

  test('a gradient that is missing leaves its variable, and its slots are its own', async () => {
    const [a, b] = [variable(tensor([1, 2, 3, 4])), variable(tensor([5, 6, 7, 8]))]
    const optimizer = new MaskedOptimizer(train.momentum(1, 0.5), [], false)
    const loss = (of: Tensor[]) => () => of.reduce((x, y) => add(x, sum(y)), tensor(0)) as Scalar
    optimizer.minimize(loss([b]), false, [a, b])
    optimizer.minimize(loss([a, b]), false, [a, b])
    // Of b: v = 1, then 1.5.
    expect(numbersOf([a, b])).toEqual([
      [0, 1, 2, 3],
      [2.5, 3.5, 4.5, 5.5],
    ])
    expect((await stateOf(optimizer)).slice(1)).toEqual([
      [1, 1, 1, 1],
      [1.5, 1.5, 1.5, 1.5],
    ])
    optimizer.dispose()
    dispose([a, b])
  })

  test.each(['momentum', 'adam', 'rmsprop'])('old slots of %s fade as ever', async (kind) => {
    const [held, own] = [heldSubject(fusedKinds[kind]!, 40), heldSubject(ownKinds[kind]!, 40)]
    for (const { optimizer, ...subject } of [held, own]) {
      const inner = innermost(optimizer)
      for (let at = 0; at < 3; at++)
        step({ ...subject, optimizer: inner }, { seed: at, masked: false })
      for (let at = 3; at < 9; at++) step({ ...subject, optimizer }, { seed: at, masked: false })
    }
    expect(numbersOf(held.variables)).toEqual(numbersOf(own.variables))
    const [state, wanted] = [await stateOf(held.optimizer), await stateOf(own.optimizer)]
    expect(state).toEqual(wanted)
    expect(state[1]!.every((value) => value !== 0)).toBe(true)
    for (const one of [held, own]) free(one)
  })

  test('a gradient of another shape or dtype is left to tfjs', () => {
    const own = vi.spyOn(SGDOptimizer.prototype, 'applyGradients')
    const x = variable(tensor([1, 2, 3, 4]))
    const optimizer = new MaskedOptimizer(train.sgd(0.5), [], false)
    for (const gradient of [tensor(1), tensor([1, 1, 1, 1], [4], 'int32')]) {
      optimizer.applyGradients({ [x.name]: gradient })
      const given = own.mock.lastCall![0] as unknown as Record<string, Tensor>
      expect(given[x.name]).toBe(gradient)
      gradient.dispose()
    }
    expect([...x.dataSync()]).toEqual([0, 1, 2, 3])
    own.mockRestore()
    optimizer.dispose()
    x.dispose()
  })

  test('an unknown variable and a gradient that is disposed are refused as by tfjs', () => {
    const x = variable(tensor([1, 2]))
    const optimizer = new MaskedOptimizer(train.sgd(0.5), [], false)
    const gone = tensor([1, 1])
    gone.dispose()
    expect(() => optimizer.applyGradients({ [x.name]: gone })).toThrow()
    const gradient = tensor([1, 1])
    expect(() => optimizer.applyGradients({ nobody: gradient })).toThrow()
    expect([...x.dataSync()]).toEqual([1, 2])
    optimizer.dispose()
    dispose([x, gradient])
  })

  test.each(Object.keys(fusedKinds))('fused steps of %s leave no tensor behind', async (kind) => {
    const make = () => clippedOptimizer(fusedKinds[kind]!(), { clipNorm: 1 })
    const held = heldSubject(make, 40)
    step(held, { seed: 1, masked: false })
    await expect(() => step(held, { seed: 2, masked: false })).toLeaveNoTensors()
    free(held)
  })

  test('two optimizers of one model see the values of each other', () => {
    const x = variable(tensor([1, 2, 3, 4, 5]))
    const gradient = tensor([1, 1, 1, 1, 1])
    for (const rate of [1, 2])
      new MaskedOptimizer(train.sgd(rate), [], false).applyGradients({ [x.name]: gradient })
    expect([...x.dataSync()]).toEqual([-2, -1, 0, 1, 2])
    dispose([x, gradient])
  })
})

const innermost = (optimizer: Optimizer) => OptimizerWrapper.unwrap(optimizer)

function fillStarts(all: Float32Array[], value: number, count: (index: number) => number): void {
  for (const [i, one] of all.entries()) one.fill(value, 0, count(i))
}
