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
  const { kernels } = builder
  const isAverage = of === 'average'
  const add = isAverage ? kernels.add : kernels.largest
  builder.emit(() => {
    const out = to.address
    const calls = Array.from({ length: pixels - 1 }, (_, pixel) => ({
      ...{ a: pixel === 0 ? from.address : out, out, length },
      b: from.address + (pixel + 1) * length * 4,
    }))
    return () => {
      const floats = builder.floats()
      if (pixels === 1) floats.copyWithin(out / 4, from.address / 4, from.address / 4 + length)
      for (const call of calls) add(call)
      if (isAverage) for (let i = out / 4; i < out / 4 + length; i++) floats[i]! /= pixels
    }
  })
}
