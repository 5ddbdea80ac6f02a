import type { Concatenate, Step } from '../../network/network.js'
import type { Builder } from '../layout/builder.js'
import { flat, newFlat, newPlanes, planes, planesAtHand } from '../layout/forms.js'
import { imageOf, sizeOf } from '../layout/layouts.js'
import { emitPlaneCopy } from '../layout/repitch.js'

export function lowerConcatenate(
  builder: Builder,
  { inputs, output }: Step,
  { axis }: Concatenate,
): void {
  const shape = builder.shapeOf(output)
  const along = axis === shape.length - 1
  if (along && inputs.every((value) => planesAtHand(builder, value))) {
    ofChannels(builder, inputs, output)
    return
  }
  const outer = sizeOf(shape.slice(0, axis))
  const sources = inputs.map((value) => ({
    buffer: flat(builder, value).buffer,
    length: sizeOf(builder.shapeOf(value).slice(axis)) * builder.lanes * 4,
  }))
  const to = newFlat(builder, output).buffer
  const toStep = sizeOf(shape.slice(axis)) * builder.lanes * 4
  builder.emit(() => {
    let at = to.address
    const places = sources.map(({ buffer, length }) => {
      const place = {
        ...{ planes: 1, fromPlane: 0, toPlane: 0, rows: outer, length },
        ...{ from: buffer.address, to: at, fromStep: length, toStep },
      }
      at += length
      return place
    })
    return () => {
      for (const place of places) builder.kernels.copyRows(place)
    }
  })
}

function ofChannels(builder: Builder, inputs: readonly number[], output: number): void {
  const sources = inputs.map((value) => planes(builder, value))
  const channels = imageOf(builder.shapeOf(output))[2]
  const to = newPlanes(builder, output, { ...sources[0]!, channels })
  let channel = 0
  for (const source of sources) {
    emitPlaneCopy(builder, source, to, channel)
    channel += source.channels
  }
}
