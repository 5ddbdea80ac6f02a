import { describe, expect, it } from 'vitest'
import { createMemory } from '../../../src/sparse/kernels/memory.js'
import { createTrainingKernels } from '../../../src/sparse/training/kernels/training-kernels.js'
import {
  adam,
  momentum,
  rmsProp,
  sgd,
  type UpdateRule,
} from '../../../src/sparse/training/updates/update-rules.js'

/** One element: the value after a step from its gradient, and its slots, changed in place. */
type Plain = (value: number, gradient: number, slots: number[]) => number

const RATE = 0.1
const STEP = 3

const plain: Record<string, [UpdateRule, Plain]> = {
  sgd: [sgd, (w, g) => w - RATE * g],
  momentum: [
    momentum(0.9, false),
    (w, g, slots) => {
      slots[0] = 0.9 * slots[0]! + g
      return w - RATE * slots[0]
    },
  ],
  nesterov: [
    momentum(0.9, true),
    (w, g, slots) => {
      slots[0] = 0.9 * slots[0]! + g
      return w - RATE * (g + 0.9 * slots[0])
    },
  ],
  adam: [
    adam(0.8, 0.95, 1e-3),
    (w, g, slots) => {
      slots[0] = 0.8 * slots[0]! + (1 - 0.8) * g
      slots[1] = 0.95 * slots[1]! + (1 - 0.95) * g * g
      const [m, v] = [slots[0] / (1 - 0.8 ** STEP), slots[1] / (1 - 0.95 ** STEP)]
      return w - (RATE * m) / (Math.sqrt(v) + 1e-3)
    },
  ],
  rmsProp: [
    rmsProp({ decay: 0.9, momentum: 0.5, epsilon: 1e-3 }),
    (w, g, slots) => {
      slots[0] = 0.9 * slots[0]! + (1 - 0.9) * g * g
      slots[1] = 0.5 * slots[1]! + (RATE * g) / Math.sqrt(slots[0] + 1e-3)
      return w - slots[1]
    },
  ],
}

/** Numbers between -1 and 1 that differ. */
const numbers = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(12.9898 * (i + 1) + seed))

async function machine() {
  const memory = createMemory()
  const kernels = await createTrainingKernels(memory)
  const view = (address: number, length: number) => new Float32Array(memory.buffer, address, length)
  const place = (values: ArrayLike<number>) => {
    const address = memory.reserve(values.length * 4)
    view(address, values.length).set(values)
    return address
  }
  return { memory, kernels, view, place }
}

describe('an update', () => {
  it.each(Object.keys(plain))('%s is its formula, of any number of elements', async (name) => {
    const [rule, formula] = plain[name]!
    const { kernels, view, place } = await machine()
    for (const length of [1, 2, 3, 4, 5, 16, 37]) {
      const [values, gradients] = [numbers(length, 1), numbers(length, 2)]
      // Slots of squares are no less than 0.
      const slots = rule.slots.map((_, i) => numbers(length, 3 + i).map(Math.abs))
      const factor = 0.5
      const places = {
        ...{ values: place(values), gradients: place(gradients), slots: slots.map(place), length },
        settings: place([factor, ...rule.settings({ rate: RATE, step: STEP })]),
      }
      kernels.update(rule.name, places)
      for (let i = 0; i < length; i++) {
        const own = slots.map((slot) => slot[i]!)
        const wanted = formula(values[i]!, factor * gradients[i]!, own)
        expect(view(places.values, length)[i]).toBeCloseTo(wanted, 5)
        for (const [k, slot] of own.entries())
          expect(view(places.slots[k]!, length)[i]).toBeCloseTo(slot, 6)
      }
    }
  })

  it('sums the four parts of each gradient, which are 0 afterwards', async () => {
    const { kernels, view, place, memory } = await machine()
    for (const length of [1, 3, 4, 7]) {
      const parts = Float32Array.from({ length: length * 4 }, (_, i) => 2 ** (i % 16))
      const [sums, out] = [place(parts), memory.reserve(length * 4)]
      kernels.sumGradients({ sums, out, length })
      // Powers of 2 are summed without rounding.
      const wanted = Array.from({ length }, (_, i) => 15 * 16 ** (i % 4))
      expect([...view(out, length)]).toEqual(wanted)
      expect(view(sums, length * 4).every((part) => part === 0)).toBe(true)
    }
  })

  it('picks floats by their numbers, and writes no other', async () => {
    const { kernels, view, place, memory } = await machine()
    const [from, to, order] = [place([10, 11, 12, 13]), place([0, 0, 0, 7]), memory.reserve(12)]
    new Uint32Array(memory.buffer, order, 3).set([3, 0, 3])
    kernels.pickFloats({ from, to, order, length: 3 })
    expect([...view(to, 4)]).toEqual([13, 10, 13, 7])
  })
})
