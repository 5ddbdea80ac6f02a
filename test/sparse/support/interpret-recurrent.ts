import type { Recurrent, Shape } from '../../../src/sparse/network/network.js'
import type { Sample } from './interpret.js'
import { activation } from './interpret-elements.js'
import { dense, times } from './interpret-windows.js'

/**
 * A recurrent layer. A backwards one starts with the last step; with `sequences` each outcome lies
 * at the place of the step that it is of, else the outcome is that of the first step.
 */
export function recurrent(operation: Recurrent, { values, shape }: Sample, out: Shape): number[] {
  const { units, backwards, sequences, carries } = operation
  const [steps, channels] = shape as [number, number]
  const next = cell(operation)
  const outcomes: number[][] = []
  let states = { h: new Array<number>(units).fill(0), c: new Array<number>(units).fill(0) }
  for (let i = 0; i < steps; i++) {
    const step = backwards ? steps - 1 - i : i
    states = next([...values.subarray(step * channels, (step + 1) * channels)], states)
    outcomes[step] = states.h
  }
  if (out.at(-1) !== units) throw new Error(`${units} units, ${out}`)
  const made = sequences ? outcomes.flat() : states.h
  return carries ? [...made, ...states.c] : made
}

interface States {
  h: number[]
  c: number[]
}

function cell(operation: Recurrent): (x: number[], states: States) => States {
  const { units } = operation
  const kernel = dense(operation.kernel)
  const recurrentKernel = dense(operation.recurrentKernel)
  const act = activation(operation.activation)
  const gateAct = operation.recurrentActivation && activation(operation.recurrentActivation)
  const part = (all: readonly number[], gate: number) => all.slice(gate * units, (gate + 1) * units)
  const plus = (a: readonly number[], b: ArrayLike<number>) => a.map((x, i) => x + b[i]!)
  const withBias = (x: number[]) => {
    const product = times(kernel, x)
    return operation.bias ? plus(product, operation.bias) : product
  }
  switch (operation.cell) {
    case 'simple':
      return (x, { h, c }) => ({ h: plus(withBias(x), times(recurrentKernel, h)).map(act), c })
    case 'lstm':
      return (x, { h, c }) => {
        const all = plus(withBias(x), times(recurrentKernel, h))
        const [input, forget, output] = [0, 1, 3].map((gate) => part(all, gate).map(gateAct!))
        const candidate = part(all, 2).map(act)
        const cell = c.map((old, i) => forget![i]! * old + input![i]! * candidate[i]!)
        return { h: cell.map((value, i) => output![i]! * act(value)), c: cell }
      }
    case 'gru':
      return (x, { h, c }) => {
        const fromInput = withBias(x)
        const gates = plus(fromInput, times(recurrentKernel.slice(0, 2 * units), h)).slice(
          0,
          2 * units,
        )
        const [update, reset] = [0, 1].map((gate) => part(gates, gate).map(gateAct!))
        const rest = h.map((value, i) => value * reset![i]!)
        const candidate = plus(
          part(fromInput, 2),
          times(recurrentKernel.slice(2 * units), rest),
        ).map(act)
        return { h: h.map((old, i) => update![i]! * old + (1 - update![i]!) * candidate[i]!), c }
      }
  }
}
