import type { Step } from '../../network/network.js'
import type { CutGradient } from '../../network/training-operations.js'
import { newImage } from '../../programs/windows/product.js'
import { imagePlace, runsOf } from './image-place.js'
import type { TrainingBuilder } from './training-builder.js'

/** The gradient passes where the outcome lies between the bounds. */
export function lowerCutGradient(
  { builder, kernels }: TrainingBuilder,
  { inputs, output }: Step,
  { bounds }: CutGradient,
): void {
  const value = imagePlace(builder, inputs[0]!)
  const gradient = imagePlace(builder, inputs[1]!)
  const out = { ...value, ...newImage(builder, output) }
  const at = builder.constants.place(Float32Array.from(bounds))
  const { count, length, startOf } = runsOf([value, gradient, out], builder.lanes)
  builder.emit(() => {
    const calls = Array.from({ length: count }, (_, run) => ({
      value: startOf(value, run),
      gradient: startOf(gradient, run),
      ...{ out: startOf(out, run), bounds: at, length },
    }))
    return () => {
      for (const call of calls) kernels.cutGradient(call)
    }
  })
}
