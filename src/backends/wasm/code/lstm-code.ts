import type { WasmFunction } from '../../../internal/assembler.js'
import { get } from '../../../internal/instructions.js'
import { assign } from './arithmetic.js'
import { type CellCurves, type CellWriter, cellLoops, keepGate } from './cell-loop.js'

// Gates i, f, g and o: input, forget, candidate and output.
const gates = 4

/** c = f c_before + i a(g), h = o a(c). States: c_before, c, h. */
function forward(writer: CellWriter, { activation, gate }: CellCurves) {
  const { first, state, storeState, sum, product } = writer
  const [i, f, g, o, c, scratch] = [first, first + 1, first + 2, first + 3, first + 4, first + 5]
  const kept = product(gate.value(writer, f), state(0))
  const added = product(gate.value(writer, i), activation.value(writer, g))
  return [
    ...keepGate(writer, { index: 0, local: i, curve: gate, scratch }),
    ...keepGate(writer, { index: 1, local: f, curve: gate, scratch }),
    ...keepGate(writer, { index: 2, local: g, curve: activation, scratch }),
    ...keepGate(writer, { index: 3, local: o, curve: gate, scratch }),
    ...[...assign(c, sum(kept, added)), ...storeState(1, get(c))],
    ...activation.keep(writer, c, scratch),
    ...storeState(2, product(gate.value(writer, o), activation.value(writer, c))),
  ]
}

/** States: c_before, c, and the gradients of h and c; that of c becomes the one of c_before. */
function backward(writer: CellWriter, { activation, gate }: CellCurves) {
  const { first, state, storeState, storeSlope, sum, product } = writer
  const [i, f, g, o, c, dh] = [first, first + 1, first + 2, first + 3, first + 4, first + 5]
  const [dc, scratch] = [first + 6, first + 7]
  const through = product(product(get(dh), gate.value(writer, o)), activation.slope(writer, c))
  const slope = (index: number, at: number, { of = gate, gradient = get(dc), times = get(dc) }) =>
    storeSlope(index, product(product(gradient, times), of.slope(writer, at)))
  return [
    ...[i, f, g, o].flatMap((at, index) => assign(at, writer.gate(index))),
    ...[...assign(c, state(1)), ...activation.keep(writer, c, scratch)],
    ...[...assign(dh, state(2)), ...assign(dc, sum(state(3), through))],
    ...slope(0, i, { times: activation.value(writer, g) }),
    ...slope(1, f, { times: state(0) }),
    ...slope(2, g, { of: activation, times: gate.value(writer, i) }),
    ...slope(3, o, { gradient: get(dh), times: activation.value(writer, c) }),
    ...storeState(3, product(get(dc), gate.value(writer, f))),
  ]
}

/** The steps of an LSTM beside its products, over kept gates. */
export const lstmCode = (curves: CellCurves): WasmFunction[] => [
  ...cellLoops({ name: 'forward', gates, states: 3, locals: 7 }, (at) => forward(at, curves)),
  ...cellLoops({ name: 'backward', gates, states: 4, locals: 9 }, (at) => backward(at, curves)),
]
