import type { Network } from '../../network/network.js'
import { sizeOf } from '../../programs/layout/layouts.js'

/** Whether all steps work on single pixels, as dense layers do; a reshape does no work. */
export function hasSinglePixels({ shapes, steps }: Network): boolean {
  const isPixel = (value: number) => {
    const shape = shapes[value]!
    return sizeOf(shape) === (shape.at(-1) ?? 1)
  }
  return steps
    .filter(({ operation }) => operation.kind !== 'reshape')
    .every(({ inputs, output }) => [...inputs, output].every(isPixel))
}
