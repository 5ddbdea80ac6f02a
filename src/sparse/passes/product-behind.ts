import type { Network, Product, Step } from '../network/network.js'
import type { Uses } from './uses.js'

/** A step that is a product. */
export type ProductStep = Step & { readonly operation: Product }

/**
 * The product whose outcome a value is, if nothing else reads it and its bounds do not cut it.
 * Changes of shape that leave the last axis as it is may lie between.
 */
export function productBehind(
  value: number,
  { shapes }: Network,
  { writer, readers }: Uses,
): ProductStep | undefined {
  let at = value
  for (;;) {
    const step = writer(at)
    if (!step || readers(at) !== 1) return undefined
    const { operation, inputs } = step
    if (operation.kind === 'product') return operation.bounds ? undefined : (step as ProductStep)
    const [before] = inputs as [number]
    if (operation.kind !== 'reshape' || shapes[before]!.at(-1) !== shapes[at]!.at(-1))
      return undefined
    at = before
  }
}
