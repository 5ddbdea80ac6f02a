import type { WasmFunction } from '../../../internal/assembler.js'
import { get } from '../../../internal/instructions.js'
import { assign } from './arithmetic.js'
import { type CellCurves, type CellWriter, cellLoops, keepGate } from './cell-loop.js'

// A step is cut in two by the product of r h_before. z, r and n: update, reset and candidate.

/** Keeps z and r. States: h_before, r h_before. */
function reset(writer: CellWriter, { gate }: CellCurves) {
  const { first, state, storeState, product } = writer
  const [z, r, scratch] = [first, first + 1, first + 2]
  return [
    ...keepGate(writer, { index: 0, local: z, curve: gate, scratch }),
    ...keepGate(writer, { index: 1, local: r, curve: gate, scratch }),
    ...storeState(1, product(gate.value(writer, r), state(0))),
  ]
}

/** h = z h_before + (1 - z) a(n). Gates: z, n. States: h_before, h. */
function update(writer: CellWriter, { activation, gate }: CellCurves) {
  const { first, state, storeState, product, sum, difference, number } = writer
  const [z, n, scratch] = [first, first + 1, first + 2]
  const added = product(difference(number(1), get(z)), activation.value(writer, n))
  return [
    ...keepGate(writer, { index: 1, local: n, curve: activation, scratch }),
    ...[...assign(z, writer.gate(0)), ...assign(z, gate.value(writer, z))],
    ...storeState(1, sum(product(get(z), state(0)), added)),
  ]
}

/** Gates: z, n. States: h_before and the gradient of h, of which z times itself goes on. */
function backUpdate(writer: CellWriter, { activation, gate }: CellCurves) {
  const { first, state, storeState, storeSlope, product, difference, number } = writer
  const [z, n, dh] = [first, first + 1, first + 2]
  const value = gate.value(writer, z)
  const chosen = difference(state(0), activation.value(writer, n))
  const rest = product(get(dh), difference(number(1), value))
  return [
    ...[...assign(z, writer.gate(0)), ...assign(n, writer.gate(1)), ...assign(dh, state(1))],
    ...storeSlope(0, product(product(get(dh), chosen), gate.slope(writer, z))),
    ...storeSlope(1, product(rest, activation.slope(writer, n))),
    ...storeState(1, product(get(dh), value)),
  ]
}

/** Gate: r. States: h_before, the gradients of r h_before and of h_before, which is added to. */
function backReset(writer: CellWriter, { gate }: CellCurves) {
  const { first, state, storeState, storeSlope, product, sum } = writer
  const [r, gradient] = [first, first + 1]
  return [
    ...[...assign(r, writer.gate(0)), ...assign(gradient, state(1))],
    ...storeSlope(0, product(product(get(gradient), state(0)), gate.slope(writer, r))),
    ...storeState(2, sum(state(2), product(get(gradient), gate.value(writer, r)))),
  ]
}

/** The steps of a GRU beside its products, over kept gates. */
export const gruCode = (curves: CellCurves): WasmFunction[] => [
  ...cellLoops({ name: 'reset', gates: 2, states: 2, locals: 4 }, (at) => reset(at, curves)),
  ...cellLoops({ name: 'update', gates: 2, states: 2, locals: 4 }, (at) => update(at, curves)),
  ...cellLoops({ name: 'backUpdate', gates: 2, states: 2, locals: 3 }, (at) =>
    backUpdate(at, curves),
  ),
  ...cellLoops({ name: 'backReset', gates: 1, states: 3, locals: 2 }, (at) =>
    backReset(at, curves),
  ),
]
