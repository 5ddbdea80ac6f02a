import type { Step } from '../../network/network.js'
import type { Norm, Normalise, NormaliseGradient } from '../../network/training-operations.js'
import { flat, newFlat } from '../../programs/layout/forms.js'
import { sizeOf } from '../../programs/layout/layouts.js'
import { each, Sums } from './batch-sums.js'
import type { TrainingBuilder } from './training-builder.js'

/** Statistics of the batch in hand, one number a channel. */
interface Moments {
  readonly mean: Float64Array
  /** One over the standard deviation. */
  readonly inverse: Float64Array
}

/** The moments of each norm's call, from its way forward to its way back. */
export type MomentsOf = WeakMap<Norm, Map<number, Moments>>

/**
 * y = gamma (x - mean) / sqrt(variance + epsilon) + beta by the moments of the batch; the moving
 * ones follow them.
 */
export function lowerNormalise(
  training: TrainingBuilder,
  { inputs, output }: Step,
  { norm }: Normalise,
  memory: MomentsOf,
): void {
  const { builder } = training
  const { lanes } = builder
  const shape = builder.shapeOf(output)
  const channels = shape.at(-1)!
  const pixels = sizeOf(shape) / channels
  const from = flat(builder, inputs[0]!).buffer
  const sums = new Sums(channels)
  const moments = { mean: new Float64Array(channels), inverse: new Float64Array(channels) }
  const calls = memory.get(norm) ?? new Map<number, Moments>()
  memory.set(norm, calls.set(inputs[0]!, moments))
  builder.emit(() => (samples) => {
    sums.open()
    sums.count += samples * pixels
    each(builder.floats(), from, { pixels, channels, lanes, samples }, (channel, x) => {
      sums.first[channel]! += x
      sums.second[channel]! += x * x
    })
  })
  training.split()
  builder.keep(from)
  const to = newFlat(builder, output).buffer
  const [scale, shift] = [new Float32Array(channels), new Float32Array(channels)]
  const read = ofArray(training)
  builder.emit(() => () => {
    const floats = builder.floats()
    sums.take(() => settle(norm, sums, moments, read))
    for (let c = 0; c < channels; c++) {
      scale[c] = (norm.gamma ? read(norm.gamma)[c]! : 1) * moments.inverse[c]!
      shift[c] = (norm.beta ? read(norm.beta)[c]! : 0) - moments.mean[c]! * scale[c]!
    }
    let [at, out] = [from.address / 4, to.address / 4]
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let c = 0; c < channels; c++) {
        const [a, b] = [scale[c]!, shift[c]!]
        for (let lane = 0; lane < lanes; lane++) floats[out++] = floats[at++]! * a + b
      }
    }
  })
}

/** Moments of the batch from its sums; the moving ones follow as in tfjs. */
function settle(
  { mean, variance, epsilon, momentum }: Norm,
  sums: Sums,
  moments: Moments,
  read: (array: Float32Array) => Float32Array,
): void {
  const [means, variances] = [read(mean), read(variance)]
  for (let c = 0; c < means.length; c++) {
    const center = sums.first[c]! / sums.count
    const spread = Math.max(0, sums.second[c]! / sums.count - center * center)
    moments.mean[c] = center
    moments.inverse[c] = 1 / Math.sqrt(spread + epsilon)
    means[c]! -= (means[c]! - center) * (1 - momentum)
    variances[c]! -= (variances[c]! - spread) * (1 - momentum)
  }
}

/** The present elements of an array of weights, in the memory of the kernels. */
const ofArray =
  ({ builder }: TrainingBuilder) =>
  (array: Float32Array): Float32Array => {
    const first = builder.constants.place(array) / 4
    return builder.floats().subarray(first, first + array.length)
  }

/**
 * dx = gamma / deviation (dy - mean of dy - xhat mean of dy xhat), means over the batch; the sums
 * of dy and dy xhat are the gradients of beta and gamma.
 */
export function lowerNormaliseGradient(
  training: TrainingBuilder,
  { inputs, output }: Step,
  { norm }: NormaliseGradient,
  memory: MomentsOf,
): void {
  const { builder, trained, sumsOf } = training
  const { lanes } = builder
  const shape = builder.shapeOf(output)
  const channels = shape.at(-1)!
  const pixels = sizeOf(shape) / channels
  const [input, gradient] = inputs as [number, number]
  const [from, of] = [flat(builder, input).buffer, flat(builder, gradient).buffer]
  const moments = memory.get(norm)!.get(input)!
  const sums = new Sums(channels)
  const read = ofArray(training)
  builder.emit(() => (samples) => {
    sums.open()
    sums.count += samples * pixels
    const floats = builder.floats()
    const shift = (from.address - of.address) / 4
    each(floats, of, { pixels, channels, lanes, samples }, (channel, dy, at) => {
      sums.first[channel]! += dy
      const centred = floats[at + shift]! - moments.mean[channel]!
      sums.second[channel]! += dy * centred * moments.inverse[channel]!
    })
  })
  training.split()
  builder.keep(from)
  builder.keep(of)
  const to = newFlat(builder, output).buffer
  const [factor, slope, level] = [0, 1, 2].map(() => new Float64Array(channels)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const places = [norm.gamma, norm.beta].map((array) => array && trained(array) && sumsOf(array))
  builder.emit(() => (samples) => {
    const floats = builder.floats()
    sums.take(() => {
      for (const [i, place] of places.entries()) {
        if (!place) continue
        const found = i === 0 ? sums.second : sums.first
        for (let c = 0; c < channels; c++) floats[place / 4 + c * 4]! += found[c]!
      }
    })
    for (let c = 0; c < channels; c++) {
      const inverse = moments.inverse[c]!
      factor[c] = (norm.gamma ? read(norm.gamma)[c]! : 1) * inverse
      slope[c] = (inverse * sums.second[c]!) / sums.count
      level[c] = sums.first[c]! / sums.count - moments.mean[c]! * slope[c]!
    }
    let [x, dy, dx] = [from.address / 4, of.address / 4, to.address / 4]
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let c = 0; c < channels; c++) {
        const [a, b, d] = [factor[c]!, slope[c]!, level[c]!]
        for (let lane = 0; lane < lanes; lane++, x++, dy++, dx++)
          floats[dx] = lane < samples ? a * (floats[dy]! - d - floats[x]! * b) : 0
      }
    }
  })
}
