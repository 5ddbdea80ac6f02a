import { elementwise } from '../../network/elementwise.js'
import type { Recurrent } from '../../network/network.js'
import type { Cell, CellPlaces } from './element-loops.js'

/** Places as indices of floats. */
type Indices = CellPlaces

// Spelled out without spreads: it is made in each step.
const indicesOf = (places: CellPlaces): Indices => ({
  length: places.length,
  input: places.input / 4,
  sums: places.sums / 4,
  h: places.h / 4,
  c: places.c / 4,
  rest: places.rest / 4,
})

/** The next states in JavaScript, on the floats of a memory. */
export function plainCell(operation: Recurrent, floatsOf: () => Float32Array): Cell {
  const { cell, activation } = operation
  const act = elementwise(activation)
  if (cell === 'simple')
    return {
      next: (places) => {
        const floats = floatsOf()
        const { length, input, sums, h } = indicesOf(places)
        for (let i = 0; i < length; i++) floats[h + i] = act(floats[input + i]! + floats[sums + i]!)
      },
    }
  const gate = elementwise(gateOf(operation))
  if (cell === 'lstm')
    return {
      next: (places) => {
        const floats = floatsOf()
        const { length, input, sums, h, c } = indicesOf(places)
        const sum = (n: number, i: number) =>
          floats[input + n * length + i]! + floats[sums + n * length + i]!
        for (let i = 0; i < length; i++) {
          const kept = gate(sum(1, i)) * floats[c + i]!
          const next = kept + gate(sum(0, i)) * act(sum(2, i))
          floats[c + i] = next
          floats[h + i] = gate(sum(3, i)) * act(next)
        }
      },
    }
  return {
    reset: (places) => {
      const floats = floatsOf()
      const { length, input, sums, h, rest } = indicesOf(places)
      for (let i = 0; i < length; i++) {
        const reset = gate(floats[input + length + i]! + floats[sums + length + i]!)
        floats[rest + i] = reset * floats[h + i]!
      }
    },
    next: (places) => {
      const floats = floatsOf()
      const { length, input, sums, h } = indicesOf(places)
      for (let i = 0; i < length; i++) {
        const update = gate(floats[input + i]! + floats[sums + i]!)
        const at = 2 * length + i
        const candidate = act(floats[input + at]! + floats[sums + at]!)
        floats[h + i] = update * floats[h + i]! + (1 - update) * candidate
      }
    },
  }
}

/** The function of the gates. Throws where a cell with gates has none. */
export function gateOf({ cell, recurrentActivation }: Recurrent) {
  if (recurrentActivation) return recurrentActivation
  throw new TypeError(`Cannot compile a ${cell}: expected a recurrent activation, got none`)
}
