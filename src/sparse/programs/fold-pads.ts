import type { Network, Operation, Pad, Product, Step, Window } from '../network/network.js'

/** Zeros around an image become padding of the products that read it; none of those is left. */
export function foldPads(network: Network): Network {
  const folded = new Map<number, { from: number; amounts: Pad['amounts'] }>()
  for (const { operation, inputs, output } of network.steps) {
    if (operation.kind !== 'pad' || !aroundImage(operation.amounts)) continue
    if (network.outputs.includes(output)) continue
    const readers = network.steps.filter((step) => step.inputs.includes(output))
    if (readers.length > 0 && readers.every(({ operation }) => hasWindow(operation)))
      folded.set(output, { from: inputs[0]!, amounts: operation.amounts })
  }
  const steps = network.steps.flatMap((step): Step[] => {
    if (folded.has(step.output)) return []
    const pad = folded.get(step.inputs[0]!)
    if (!pad || !hasWindow(step.operation)) return [step]
    const window = widened(step.operation.window, pad.amounts)
    return [{ ...step, inputs: [pad.from], operation: { ...step.operation, window } }]
  })
  const rest = { ...network, steps }
  return folded.size > 0 ? foldPads(rest) : rest // products may now read zeros around those
}

function hasWindow(operation: Operation): operation is Product & { readonly window: Window } {
  return operation.kind === 'product' && operation.window !== undefined
}

function aroundImage(amounts: Pad['amounts']): boolean {
  return amounts.length === 3 && amounts[2]!.every((amount) => amount === 0)
}

function widened(window: Window, [rows, columns]: Pad['amounts']): Window {
  const [before, after] = window.padding
  return {
    ...window,
    padding: [
      [before[0] + rows![0], before[1] + columns![0]],
      [after[0] + rows![1], after[1] + columns![1]],
    ],
  }
}
