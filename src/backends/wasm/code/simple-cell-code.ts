import type { WasmFunction } from '../../../internal/assembler.js'
import { assign } from './arithmetic.js'
import { type CellCurves, cellLoops, keepGate } from './cell-loop.js'

/** The steps of a SimpleRNN beside its products: h = a(sum), and the gradient of the sum. */
export const simpleCellCode = ({ activation }: CellCurves): WasmFunction[] => [
  ...cellLoops({ name: 'forward', gates: 1, states: 1, locals: 3 }, (writer) => [
    ...keepGate(writer, {
      index: 0,
      local: writer.first,
      curve: activation,
      scratch: writer.first + 1,
    }),
    ...writer.storeState(0, activation.value(writer, writer.first)),
  ]),
  ...cellLoops({ name: 'backward', gates: 1, states: 1, locals: 1 }, (writer) => {
    const { first, gate, state, storeSlope, product } = writer
    return [
      ...assign(first, gate(0)),
      ...storeSlope(0, product(state(0), activation.slope(writer, first))),
    ]
  }),
]
