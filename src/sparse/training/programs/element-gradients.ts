import type { Step } from '../../network/network.js'
import type { ActivateGradient, SoftmaxGradient } from '../../network/training-operations.js'
import { flat, newFlat } from '../../programs/layout/forms.js'
import { sizeOf } from '../../programs/layout/layouts.js'
import { derivative } from './derivatives.js'
import type { TrainingBuilder } from './training-builder.js'

/** The gradient times the derivative at the input, element by element. */
export function lowerActivateGradient(
  { builder }: TrainingBuilder,
  { inputs, output }: Step,
  { activate }: ActivateGradient,
): void {
  const [input, gradient] = inputs as [number, number]
  const from = [flat(builder, input).buffer, flat(builder, gradient).buffer] as const
  const to = newFlat(builder, output).buffer
  const length = sizeOf(builder.shapeOf(output)) * builder.lanes
  const slope = derivative(activate)
  builder.emit(() => () => {
    const floats = builder.floats()
    const [x, dy, dx] = [from[0].address / 4, from[1].address / 4, to.address / 4]
    for (let i = 0; i < length; i++) floats[dx + i] = floats[dy + i]! * slope(floats[x + i]!)
  })
}

/** dx = y (dy - sum of y dy); of the logarithm dx = dy - exp(y) sum of dy. */
export function lowerSoftmaxGradient(
  { builder }: TrainingBuilder,
  { inputs, output }: Step,
  { log }: SoftmaxGradient,
): void {
  const from = inputs.map((value) => flat(builder, value).buffer)
  const to = newFlat(builder, output).buffer
  const shape = builder.shapeOf(output)
  const length = shape.at(-1)!
  const rows = sizeOf(shape) / length
  const { lanes } = builder
  builder.emit(() => () => {
    const floats = builder.floats()
    const [y, dy, dx] = [from[0]!.address / 4, from[1]!.address / 4, to.address / 4]
    for (let row = 0; row < rows; row++) {
      for (let lane = 0; lane < lanes; lane++) {
        const first = row * length * lanes + lane
        const end = first + length * lanes
        let sum = 0
        for (let i = first; i < end; i += lanes)
          sum += log ? floats[dy + i]! : floats[y + i]! * floats[dy + i]!
        for (let i = first; i < end; i += lanes) {
          floats[dx + i] = log
            ? floats[dy + i]! - Math.exp(floats[y + i]!) * sum
            : floats[y + i]! * (floats[dy + i]! - sum)
        }
      }
    }
  })
}
