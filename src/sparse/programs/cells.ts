import { elementwise } from '../network/elementwise.js'
import type { Recurrent } from '../network/network.js'

/** Where a step of a recurrent layer finds its numbers; `length` of them a gate and a state. */
export interface Places {
  readonly length: number
  /** Gates from the input, with the bias; gates from the state. */
  readonly input: number
  readonly sums: number
  /** The states, and for a GRU the state that the reset gate leaves. */
  readonly h: number
  readonly c: number
  readonly rest: number
}

/** Makes the next states; `again` sums the gate that needs `rest`. */
type Cell = (floats: Float32Array, places: Places, again: () => void) => void

export function cellOf(operation: Recurrent): Cell {
  const { cell, activation, recurrentActivation } = operation
  const act = elementwise(activation)
  if (cell === 'simple')
    return (floats, { length, input, sums, h }) => {
      for (let i = 0; i < length; i++) floats[h + i] = act(floats[input + i]! + floats[sums + i]!)
    }
  if (!recurrentActivation)
    throw new TypeError(`Cannot compile a ${cell}: expected a recurrent activation, got none`)
  const gate = elementwise(recurrentActivation)
  if (cell === 'lstm')
    return (floats, { length, input, sums, h, c }) => {
      const sum = (n: number, i: number) =>
        floats[input + n * length + i]! + floats[sums + n * length + i]!
      for (let i = 0; i < length; i++) {
        const kept = gate(sum(1, i)) * floats[c + i]!
        const next = kept + gate(sum(0, i)) * act(sum(2, i))
        floats[c + i] = next
        floats[h + i] = gate(sum(3, i)) * act(next)
      }
    }
  return (floats, { length, input, sums, h, rest }, again) => {
    for (let i = 0; i < length; i++) {
      const reset = gate(floats[input + length + i]! + floats[sums + length + i]!)
      floats[rest + i] = reset * floats[h + i]!
    }
    again()
    for (let i = 0; i < length; i++) {
      const update = gate(floats[input + i]! + floats[sums + i]!)
      const at = 2 * length + i
      const candidate = act(floats[input + at]! + floats[sums + at]!)
      floats[h + i] = update * floats[h + i]! + (1 - update) * candidate
    }
  }
}
