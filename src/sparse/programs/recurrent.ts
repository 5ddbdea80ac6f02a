import type { Recurrent, Step } from '../network/network.js'
import { cellOf, type Places } from './cells.js'
import type { Builder } from './layout/builder.js'
import { flat, newFlat } from './layout/forms.js'
import { pixelLoops } from './windows/loops.js'
import { rowsOf } from './windows/matrices.js'
import { multiplication } from './windows/multiply.js'
import { lowerProduct } from './windows/product.js'

/** Gates from the inputs of all steps first, then step by step those from the state. */
export function lowerRecurrent(builder: Builder, step: Step, operation: Recurrent): void {
  const { lanes } = builder
  const { units, cell, backwards, sequences, carries, kernel, recurrentKernel, bias } = operation
  const [steps] = builder.shapeOf(step.inputs[0]!) as [number, number]
  const gates = kernel.rows
  const fromInput = builder.addValue([steps, gates])
  const product = { kind: 'product', matrix: kernel, ...(bias && { bias }) } as const
  lowerProduct(builder, { ...step, output: fromInput }, product)
  const entries = (kernel.values.length + recurrentKernel.values.length) * steps
  builder.note({ multiplyAdds: entries })

  const all = flat(builder, fromInput).buffer
  const states = Array.from({ length: 3 }, () => builder.room(units * lanes))
  const [h, c, rest] = states as [typeof all, typeof all, typeof all]
  const sums = builder.room(gates * lanes)
  const out = newFlat(builder, step.output).buffer
  const still = { pixel: 0, row: 0 }
  const multiply = (from: typeof all, first: number, end: number) =>
    multiplication(builder, {
      matrix: rowsOf(recurrentKernel, first * units, end * units),
      loops: pixelLoops(lanes, { rows: 1, columns: 1, from: still, to: still }),
      input: { buffer: from, bytes: 0 },
      output: { buffer: sums, bytes: first * units * lanes * 4 },
      outRow: lanes * 4,
      offsetOf: (column) => column,
    })
  const parts =
    cell === 'gru' ? [multiply(h, 0, 2), multiply(rest, 2, 3)] : [multiply(h, 0, gates / units)]
  const join = cellOf(operation)
  builder.emit(() => {
    const [first, second] = parts.map((make) => make())
    const length = units * lanes
    return (samples) => {
      let floats = builder.floats()
      for (const state of states) floats.fill(0, state.address / 4, state.address / 4 + length)
      for (let i = 0; i < steps; i++) {
        const at = backwards ? steps - 1 - i : i
        first!(samples)
        floats = builder.floats()
        const places: Places = {
          length,
          input: all.address / 4 + at * gates * lanes,
          sums: sums.address / 4,
          ...{ h: h.address / 4, c: c.address / 4, rest: rest.address / 4 },
        }
        join(floats, places, () => second?.(samples))
        if (sequences) floats.copyWithin(out.address / 4 + at * length, places.h, places.h + length)
      }
      const copy = (from: typeof all, row: number) =>
        floats.copyWithin(
          out.address / 4 + row * length,
          from.address / 4,
          from.address / 4 + length,
        )
      if (!sequences) copy(h, 0)
      if (carries) copy(c, sequences ? steps : 1)
    }
  })
}
