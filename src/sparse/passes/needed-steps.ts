import type { Network } from '../network/network.js'

/** Leaves out steps that no output needs. */
export function neededSteps(network: Network): Network {
  const needed = new Set(network.outputs)
  const steps = network.steps.toReversed().filter(({ inputs, output }) => {
    if (!needed.has(output)) return false
    for (const value of inputs) needed.add(value)
    return true
  })
  return { ...network, steps: steps.toReversed() }
}
