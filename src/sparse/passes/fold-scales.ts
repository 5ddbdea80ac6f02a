import type { Network, Operation, Product } from '../network/network.js'
import { takeIn } from './take-in.js'

/** Products take in the batch normalisations behind them: one multiplication less a pixel. */
export function foldScales(network: Network): Network {
  return takeIn(network, scaled)
}

/** The product and then the scale, as one product. */
function scaled(product: Product, operation: Operation): Product | undefined {
  if (operation.kind !== 'scale') return undefined
  const { factors, terms } = operation
  const { matrix, bias } = product
  const values = matrix.values.slice()
  for (let row = 0; row < matrix.rows; row++)
    for (let k = matrix.starts[row]!; k < matrix.starts[row + 1]!; k++) values[k]! *= factors[row]!
  const shift = terms.map((term, row) => (bias?.[row] ?? 0) * factors[row]! + term)
  return { ...product, matrix: { ...matrix, values }, bias: shift }
}
