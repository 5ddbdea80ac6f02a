import { registeredKind } from '../layer-kinds/registered-kinds.js'
import type { Call } from './graph.js'
import { readKernel } from './kernel-view.js'
import { unevenPlaces } from './uneven-places.js'

/**
 * Bit of a connection: it has a weight by which a constant input adds the same at all places of the
 * output.
 */
const EVEN = 1
/**
 * Bit of a connection: it has a weight by which a constant input adds to some places only, or there
 * is no bias that could take over.
 */
export const UNEVEN = 2

/** A layer with a kernel: its calls, and which outputs read which inputs. */
export interface Reader {
  readonly calls: readonly Call[]
  readonly inputs: number
  readonly outputs: number
  /** It adds a bias, or can be made to: that can stand for constant inputs. */
  readonly hasShift: boolean
  /**
   * Bits of each pair, the outputs of an input side by side; 0 where all weights between the two
   * are 0.
   */
  readonly connections: Uint8Array
}

/** Reads which outputs of a layer look at which inputs. */
export async function readConnections(calls: readonly Call[]): Promise<Reader> {
  const { inputs, outputs, places, at } = await readKernel(calls[0]!.layer)
  const hasShift = addsShift(calls[0]!.className)
  const uneven = calls.map(unevenPlaces)
  const connections = new Uint8Array(inputs * outputs)
  for (let place = 0; place < places; place++) {
    const isEven = hasShift && !uneven.some((elements) => elements[place])
    const kind = isEven ? EVEN : UNEVEN
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) {
        if (at(place, input, output) !== 0) connections[input * outputs + output]! |= kind
      }
    }
  }
  return { calls, inputs, outputs, hasShift, connections }
}

/** Whether layers of the class add a bias, or can be made to. */
function addsShift(className: string): boolean {
  const { weights = {} } = registeredKind(className) ?? {}
  return Object.values(weights).some(({ use }) => use === 'shift')
}
