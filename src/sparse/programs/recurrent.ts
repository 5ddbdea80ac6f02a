import type { Recurrent, Step } from '../network/network.js'
import type { Builder } from './layout/builder.js'
import { flat, newFlat } from './layout/forms.js'
import type { CellPlaces } from './loops/element-loops.js'
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
  const { kernels, loops } = builder
  const { reset, next } = loops.cell(operation)
  builder.emit(() => {
    const [first, second] = parts.map((make) => make())
    const length = units * lanes
    const zeros = states.map(({ address }) => address)
    const shared = { length, sums: sums.address, h: h.address, c: c.address, rest: rest.address }
    const copy = (from: typeof all, row: number) =>
      loops.copy({ from: from.address, to: out.address + row * length * 4, length })
    const places = Array.from({ length: steps }, (_, at): CellPlaces => {
      return { ...shared, input: all.address + at * gates * lanes * 4 }
    })
    return (samples) => {
      for (const to of zeros) kernels.fill({ to, length, value: 0 })
      for (let i = 0; i < steps; i++) {
        const at = backwards ? steps - 1 - i : i
        first!(samples)
        reset?.(places[at]!)
        second?.(samples)
        next(places[at]!)
        if (sequences) copy(h, at)
      }
      if (!sequences) copy(h, 0)
      if (carries) copy(c, sequences ? steps : 1)
    }
  })
}
