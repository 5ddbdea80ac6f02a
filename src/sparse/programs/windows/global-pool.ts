import type { GlobalPool, Step } from '../../network/network.js'
import type { Builder } from '../layout/builder.js'
import { flat, newFlat, planesAtHand } from '../layout/forms.js'
import { imageOf } from '../layout/layouts.js'

export function lowerGlobalPool(builder: Builder, step: Step, { of }: GlobalPool): void {
  const [input] = step.inputs as [number]
  const [height, width, channels] = imageOf(builder.shapeOf(input))
  const pixels = height * width
  const average = of === 'average'
  // Rounded like the kernels that sum 16 images; -0 changes no number that is added to it.
  const join = average ? (a: number, b: number) => Math.fround(a + b) : Math.max
  const none = average ? -0 : -Infinity
  const planes = planesAtHand(builder, input)
  if (planes) {
    builder.keep(planes.buffer)
    const to = newFlat(builder, step.output).buffer
    builder.emit(() => () => {
      const floats = builder.floats()
      for (let channel = 0; channel < channels; channel++) {
        const first = planes.buffer.address / 4 + channel * planes.plane
        let total = none
        for (let y = 0; y < height; y++) {
          const row = first + y * planes.pitch
          for (let x = row; x < row + width; x++) total = join(total, floats[x]!)
        }
        floats[to.address / 4 + channel] = average ? total / pixels : total
      }
    })
    return
  }
  const from = flat(builder, input).buffer
  const to = newFlat(builder, step.output).buffer
  const length = channels * builder.lanes
  const { kernels } = builder
  const add = average ? kernels.add : kernels.largest
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
      if (average) for (let i = out / 4; i < out / 4 + length; i++) floats[i]! /= pixels
    }
  })
}
