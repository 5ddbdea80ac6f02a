import type { Buffer } from '../../programs/layout/buffers.js'

/** Two sums a channel, over all samples of a batch. */
export class Sums {
  readonly first: Float64Array
  readonly second: Float64Array
  count = 0
  #isTaken = false

  constructor(channels: number) {
    this.first = new Float64Array(channels)
    this.second = new Float64Array(channels)
  }

  /** Begins anew once the sums of the last batch were taken. */
  open(): void {
    if (!this.#isTaken) return
    this.first.fill(0)
    this.second.fill(0)
    this.count = 0
    this.#isTaken = false
  }

  /** Calls `work` for the first group of samples that comes here. */
  take(work: () => void): void {
    if (!this.#isTaken) work()
    this.#isTaken = true
  }
}

/** A value of a group of samples; lanes without a sample do not count. */
export interface Sides {
  readonly pixels: number
  readonly channels: number
  readonly lanes: number
  readonly samples: number
}

/** Each element of the samples that count. */
export function each(
  floats: Float32Array,
  { address }: Buffer,
  { pixels, channels, lanes, samples }: Sides,
  work: (channel: number, value: number, at: number) => void,
): void {
  let at = address / 4
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let channel = 0; channel < channels; channel++, at += lanes)
      for (let lane = 0; lane < samples; lane++) work(channel, floats[at + lane]!, at + lane)
}
