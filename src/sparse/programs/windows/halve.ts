import type { Pool, Window } from '../../network/network.js'
import type { Builder } from '../layout/builder.js'
import { newPlanes, planes } from '../layout/forms.js'
import { imageOf, type Run } from '../layout/layouts.js'
import { isPadded } from './matrices.js'
import { newPhases } from './phases.js'
import { asPlanes } from './plane-products.js'

/** The largest of 2 by 2 pixels that no other window has, 4 windows in a row at least. */
export function isHalving(builder: Builder, output: number, { of, window }: Pool): boolean {
  const sides = [window.size, window.strides].flat()
  const isTwo = of === 'maximum' && sides.every((side) => side === 2)
  const isNear = window.dilations.every((dilation) => dilation === 1)
  return isTwo && isNear && !isPadded(window) && imageOf(builder.shapeOf(output))[1] >= 4
}

/** One pass, straight into the padding that the readers need where all need the same. */
export function halvePlanes(builder: Builder, input: number, output: number): void {
  const source = planes(builder, input)
  const [rows, length, channels] = imageOf(builder.shapeOf(output))
  const { changing } = source
  const to = inPadding(builder, output) ?? withoutPadding(builder, output, changing)
  builder.emit(() => {
    const places = {
      ...{ rows, length, pitch: source.pitch * 4, toStep: to.pitch * 4 },
      ...{ fromPlane: source.plane * 4, toPlane: to.plane * 4 },
    }
    const halve = ({ first, end }: Run) => ({
      ...{ ...places, planes: end - first },
      from: source.buffer.address + first * places.fromPlane,
      to: to.buffer.address + to.first * 4 + first * places.toPlane,
    })
    const whole = halve({ first: 0, end: channels })
    if (changing) builder.kernels.halve(whole)
    const calls = changing?.map(halve) ?? [whole]
    return () => {
      for (const call of calls) builder.kernels.halve(call)
    }
  })
}

function withoutPadding(builder: Builder, output: number, changing?: readonly Run[]) {
  const [height, width, channels] = imageOf(builder.shapeOf(output))
  const like = { height, width, channels, pitch: width, plane: height * width }
  return { ...newPlanes(builder, output, like, changing), first: 0 }
}

/** Room inside the padding of the windows that read a value; none where they differ. */
function inPadding(builder: Builder, value: number) {
  const { consumers } = builder.uses
  const readers = consumers[value]!
  const windows = readers.map(({ operation, output }) =>
    operation.kind === 'product' && asPlanes(builder, output) ? operation.window : undefined,
  )
  const [window] = windows
  const isOutput = builder.network.outputs.includes(value)
  if (!window || isOutput || !windows.every((other) => isSame(window, other))) return undefined
  if (!isPadded(window) || window.strides.some((stride) => stride > 1)) return undefined
  const [height, width] = imageOf(builder.shapeOf(readers[0]!.output))
  const made = newPhases(builder, value, window, { out: [height, width], padding: 0 })
  builder.formsOf(value).phases = made
  return { ...made, first: made.copies[0]!.to }
}

const isSame = (a: Window, b: Window | undefined) => JSON.stringify(a) === JSON.stringify(b)
