import { layerKind } from './find-layer-kind.js'
import { isElementwise } from './is-elementwise.js'
import type { LayerCall } from './layer-call.js'
import type { LayerKind, LayerOptions } from './layer-kind.js'
import { isTable } from './layout.js'
import {
  type Link,
  multiplied,
  type Passage,
  sameChannel,
  sameOrder,
  sideBySide,
} from './pass-channels.js'

/** How the channels of a layer's output hang on those of its inputs. */
export type Wiring =
  /** Channel by channel: those that are linked stay or go together. */
  | {
      readonly kind: 'through'
      readonly each: (link: Link) => void
      /** A channel that is 0 in one input is 0 in the output. */
      readonly isProduct: boolean
    }
  /** Each output from all inputs, by a kernel. `closed` says why the outputs may not change. */
  | { readonly kind: 'kernel'; readonly closed?: string }
  /** Rows of a table, found by number. */
  | { readonly kind: 'table' }
  /** Not known: neither inputs nor outputs may change. */
  | { readonly kind: 'closed'; readonly reason: string }

/** How the channels of a call hang together, by the kind of its layer. */
export function wiringOf(call: LayerCall): Wiring {
  const { layer, workers, className, inputs } = call
  const config = workers[0].getConfig()
  if (config.dataFormat === 'channelsFirst') return closed('its channels are not on the last axis')
  const kind = layerKind(className)
  const isWrapped = workers[0] !== layer
  if (!kind || lacksKernel(kind) || (isWrapped && isStrange(kind, call)))
    return closed(`${className} may look at all channels`)
  const reason = kind.closed?.(config, inputs[0]!.shape.length - (isWrapped ? 1 : 0))
  if (reason !== undefined) return closed(reason)
  if (kind.recurrent) return cells(call, config)
  const { activation = 'linear' } = config
  const isOpen = isElementwise(activation)
  const { outputs = ['out'] } = kind
  if (outputs.includes('out')) {
    if (Object.values(kind.weights).some(isTable)) return { kind: 'table' }
    return isOpen
      ? { kind: 'kernel' }
      : { kind: 'kernel', closed: `its ${activation} looks at all units` }
  }
  if (!isOpen) return closed(`its ${activation} looks at all channels`)
  const each = outputs.includes('multiple') ? multiplied(call) : passed(call, kind, config)
  return typeof each === 'string'
    ? closed(each)
    : { kind: 'through', each, isProduct: className === 'Multiply' }
}

/** Whether a wrapper holds a layer that it is not there for. */
function isStrange({ recurrent = false, weights }: LayerKind, { mergeMode }: LayerCall): boolean {
  return recurrent === (mergeMode === undefined) || Object.values(weights).some(isTable)
}

/** Recurrent cells: kernels that read the inputs, and the outputs of the step before. */
function cells({ inputs }: LayerCall, config: LayerOptions): Wiring {
  const { returnState, activation, recurrentActivation = 'linear' } = config
  if (inputs.length > 1) return closed('it is given its initial state')
  if (returnState) return closed('it returns its states')
  const odd = [activation, recurrentActivation].find((name) => !isElementwise(name))
  return odd === undefined ? { kind: 'kernel' } : closed(`its ${odd} looks at all units`)
}

/** Whether a layer makes channels of its own, and none of its weights says how. */
function lacksKernel({ weights, outputs = ['out'] }: LayerKind): boolean {
  return outputs.includes('out') && !Object.values(weights).some(({ use }) => use === 'kernel')
}

function closed(reason: string): Wiring {
  return { kind: 'closed', reason }
}

function passed(
  call: LayerCall,
  { passes = 'same' }: LayerKind,
  { axis = -1 }: LayerOptions,
): Passage {
  if (passes === 'order') return sameOrder(call)
  return passes === 'joined' ? sideBySide(call, axis as number) : sameChannel(call)
}
