import type { GlobalPool, Step } from '../../network/network.js'
import type { Builder } from '../layout/builder.js'
import { flat, newFlat } from '../layout/forms.js'
import { imageOf } from '../layout/layouts.js'

/** Pixel by pixel, all channels at once: planes are turned before. */
export function lowerGlobalPool(builder: Builder, step: Step, { of }: GlobalPool): void {
  const [input] = step.inputs as [number]
  const [height, width, channels] = imageOf(builder.shapeOf(input))
  const pixels = height * width
  const from = flat(builder, input).buffer
  const to = newFlat(builder, step.output).buffer
  const length = channels * builder.lanes
  const { kernels, loops } = builder
  const isAverage = of === 'average'
  const add = isAverage ? kernels.add : kernels.largest
  const average = isAverage ? loops.divide(pixels) : undefined
  builder.emit(() => {
    const out = to.address
    const calls = Array.from({ length: pixels - 1 }, (_, pixel) => ({
      ...{ a: pixel === 0 ? from.address : out, out, length },
      b: from.address + (pixel + 1) * length * 4,
    }))
    const only = { from: from.address, to: out, length }
    const sum = { at: out, length }
    return () => {
      if (pixels === 1) loops.copy(only)
      for (const call of calls) add(call)
      average?.(sum)
    }
  })
}
