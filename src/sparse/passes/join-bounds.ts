import type { Network, Operation, Product } from '../network/network.js'
import { takeIn } from './take-in.js'

/** Products cut their outcome themselves where a ReLU or its kin is behind them. */
export function joinBounds(network: Network): Network {
  return takeIn(network, bounded)
}

function bounded(product: Product, operation: Operation): Product | undefined {
  if (product.bounds || operation.kind !== 'activate' || operation.name !== 'cut') return undefined
  const { least, most } = operation.parameters
  return { ...product, bounds: [least!, most!] }
}
