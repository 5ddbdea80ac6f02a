import { channelsOf } from '../internal/model-graph.js'
import type { ModelWeight } from '../internal/model-weights.js'
import { keepsZero } from '../layer-kinds/keeps-zero.js'
import type { LayerCall } from '../layer-kinds/layer-call.js'
import type { WeightUse } from '../layer-kinds/layer-kind.js'
import { layoutOf } from '../layer-kinds/layout.js'
import { type Wiring, wiringOf } from '../layer-kinds/wiring.js'

/** States of a channel: it hangs on the inputs of the model, on none of them, or is 0. */
export const [ALIVE, CONSTANT, ZERO] = [0, 1, 2] as const

/** The layer of a call, and how far it may be silenced. */
export interface Surroundings {
  readonly weights: readonly ModelWeight[]
  /** Its units without a kernel, 1 a unit. */
  readonly dead: Uint8Array | undefined
  /** The layer or a model around it is frozen, and stays as it is. */
  readonly isFrozen: boolean
  /** Channels that its other calls let it silence. @default all */
  readonly allowed: Uint8Array | undefined
}

/** How a layer silences channels. */
export interface Silenced {
  /** States of the channels of the first output. */
  readonly state: Uint8Array
  /** Channels that it silences, 1 a channel. */
  readonly places: Uint8Array
  /** Weights that have to be 0 there. */
  readonly weights: readonly ModelWeight[]
}

/** Silences the channels of a call that are constant already, by the states of its inputs. */
export function silenceCall(
  call: LayerCall,
  inputs: readonly Uint8Array[],
  { weights, dead, isFrozen, allowed }: Surroundings,
): Silenced {
  const channels = channelsOf(call.outputs[0]!)
  const wiring = wiringOf(call)
  const known = !isOpen(wiring) ? new Uint8Array(channels) : stateBehind(call, wiring, inputs)
  const of = (...uses: WeightUse[]) => weights.filter((one) => uses.includes(layoutOf(one).use))
  const hasKernel = of('kernel').length > 0
  const scales = hasKernel ? [] : of('scale')
  const silencers = [...of('shift'), ...(hasKernel || scales.length > 0 ? scales : of('mean'))]
  // Without such weights there is nothing to change.
  const canSilence =
    silencers.length === 0 ||
    (!isFrozen && silencers.every(({ shape }) => shape.join() === `${channels}`))
  const places = known.map((state, channel) => {
    const isDead = dead?.[channel] || state === ZERO || (state === CONSTANT && scales.length > 0)
    return isOpen(wiring) && canSilence && isDead && (allowed?.[channel] ?? 1) ? 1 : 0
  })
  const silent = keepsZero(call) ? ZERO : CONSTANT
  const state = known.map((own, channel) => {
    if (places[channel]) return silent
    return own !== ALIVE || (isOpen(wiring) && dead?.[channel]) ? CONSTANT : ALIVE
  })
  return { state, places, weights: silencers }
}

/** Whether the outputs of a call hang on single channels or kernels. */
function isOpen(wiring: Wiring): boolean {
  return wiring.kind !== 'closed' && !(wiring.kind === 'kernel' && wiring.closed !== undefined)
}

/** States of the outputs of a call, before its own weights count. */
function stateBehind(
  { outputs }: LayerCall,
  wiring: Wiring,
  inputs: readonly Uint8Array[],
): Uint8Array {
  const state = new Uint8Array(channelsOf(outputs[0]!))
  if (wiring.kind !== 'through') return state
  state.fill(ZERO)
  const zero = new Uint8Array(state.length)
  wiring.each((input, from, to) => {
    const own = inputs[input]![from]!
    state[to] = Math.min(state[to]!, own)
    if (own === ZERO) zero[to] = 1
  })
  return wiring.isProduct ? state.map((own, i) => (zero[i] ? ZERO : own)) : state
}
