import type { Network, Operation, Product, Step } from '../network/network.js'
import { productBehind } from './product-behind.js'
import { usesOf } from './uses.js'

/**
 * Lets products take in steps behind them: `join` gives the product that does the work of both, or
 * undefined where it cannot.
 */
export function takeIn(
  network: Network,
  join: (product: Product, operation: Operation) => Product | undefined,
): Network {
  const uses = usesOf(network)
  const joined = new Map<number, Product>()
  const renamed = new Map<number, number>()
  const steps = network.steps.flatMap((step): Step[] => {
    const inputs = step.inputs.map((value) => renamed.get(value) ?? value)
    const [input] = step.inputs as [number]
    const behind = productBehind(input, network, uses)
    const product = behind && join(behind.operation, step.operation)
    if (!product) return [{ ...step, inputs }]
    joined.set(behind.output, product)
    renamed.set(step.output, inputs[0]!)
    return []
  })
  return {
    ...network,
    outputs: network.outputs.map((value) => renamed.get(value) ?? value),
    steps: steps.map((step) => {
      const operation = joined.get(step.output)
      return operation ? { ...step, operation } : step
    }),
  }
}
