import type { SymbolicTensor } from '@tensorflow/tfjs-layers'
import { unitPlaces } from '../layer-kinds/layer-call.js'
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

/**
 * The channels that a worker's kernel reads: those of the input, or the outputs of the step before.
 */
export type Reads = 'in' | 'state'

/** A layer with a kernel: its calls, and which outputs read which inputs. */
export interface Reader {
  readonly calls: readonly Call[]
  /** Number of the worker among those of each call. */
  readonly worker: number
  readonly reads: Reads
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

type Kernel = Pick<Reader, 'calls' | 'worker' | 'reads'>

/** Reads which outputs of a layer look at which inputs, kernel by kernel. */
export async function readConnections(calls: readonly Call[]): Promise<Reader[]> {
  const { workers, className } = calls[0]!
  const reads: readonly Reads[] = registeredKind(className)!.recurrent ? ['in', 'state'] : ['in']
  const kernels = workers.flatMap((_, worker) =>
    reads.map((own) => ({ calls, worker, reads: own })),
  )
  return Promise.all(kernels.map(readerOf))
}

async function readerOf(kernel: Kernel): Promise<Reader> {
  const { calls, worker, reads } = kernel
  const [{ workers, className }] = calls as [Call]
  const view = await readKernel(workers[worker]!, { reads })
  const { inputs, outputs, columns, places, at } = view
  const hasShift = reads === 'in' && addsShift(className)
  const uneven = hasShift ? calls.map(unevenPlaces) : []
  const connections = new Uint8Array(inputs * outputs)
  for (let place = 0; place < places; place++) {
    const isEven = hasShift && !uneven.some((elements) => elements[place])
    const kind = isEven ? EVEN : UNEVEN
    for (let input = 0; input < inputs; input++) {
      for (let column = 0; column < columns; column++)
        if (at(place, input, column) !== 0)
          connections[input * outputs + (column % outputs)]! |= kind
    }
  }
  return { ...kernel, inputs, outputs, hasShift, connections }
}

/** Whether layers of the class add a bias, or can be made to. */
function addsShift(className: string): boolean {
  const { weights = {} } = registeredKind(className) ?? {}
  return Object.values(weights).some(({ use }) => use === 'shift')
}

/** A channel of a tensor. */
export interface Place {
  readonly tensor: SymbolicTensor
  /** Channel of the first of them. */
  readonly offset: number
}

/** The place of a worker's units in a call. */
export function outputPlace({ worker }: Reader, call: Call): Place {
  const { output, offset } = unitPlaces(call)[worker]!
  return { tensor: call.outputs[output]!, offset }
}

/** The place of the channels that a kernel reads in a call. */
export function inputPlace(reader: Reader, call: Call): Place {
  return reader.reads === 'in' ? { tensor: call.inputs[0]!, offset: 0 } : outputPlace(reader, call)
}
