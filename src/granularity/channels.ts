import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { channelAxis } from '../layer-kinds/weight-axes.js'
import { checkRank } from './check-rank.js'
import { checkCombination } from './combination-check.js'
import type { Combination, Granularity } from './granularity.js'
import { groupAlong } from './group-along.js'

/** Options of {@link channels}. */
export interface ChannelsOptions {
  /** How the scores of a channel become one. @default 'sum' */
  readonly combine?: Combination
}

const checks: OptionChecks<ChannelsOptions> = { combine: checkCombination }

/**
 * Prunes whole inputs: all weights that one input channel or feature is multiplied with.
 *
 * Channels are the last axis but one: of `[in, units]`, of `[..., channels, filters]`, of a
 * depthwise kernel `[height, width, channels, multiplier]`, of an embedding, where each is one
 * word; the last axis of transposed convolutions. Where the layer before has lost units, the
 * channels that they fed are the ones to lose. Sibling of {@link units}.
 *
 * @param options The combination.
 * @returns A granularity. It throws a RangeError for a bias, or any other weight of one axis.
 * @throws {TypeError} If an option is not known.
 * @throws {RangeError} If the combination is none of the three.
 *
 * @example
 * ```ts
 * import { channels } from 'tfjs-prune'
 *
 * const weight = {
 *   name: 'out/kernel',
 *   layer: 'out',
 *   role: 'kernel',
 *   className: 'Dense',
 *   shape: [2, 3],
 * }
 * if (channels().grains(weight).of.join() !== '0,0,0,1,1,1')
 *   throw new Error('two inputs with three weights each')
 * ```
 */
export function channels(options: ChannelsOptions = {}): Granularity {
  checkOptions(options, { task: 'group by channels', checks })
  const { combine = 'sum' } = options
  return {
    name: 'channels',
    grains: (weight) => {
      checkRank(weight, 'channels')
      return groupAlong(weight.shape, [channelAxis(weight)])
    },
    combine,
  }
}
