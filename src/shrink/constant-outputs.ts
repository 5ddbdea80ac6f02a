import { channelsOf } from '../internal/model-graph.js'
import { layerKind } from '../layer-kinds/find-layer-kind.js'
import { isTable } from '../layer-kinds/layout.js'
import type { Wiring } from '../layer-kinds/wiring.js'
import type { Reader } from './connections.js'
import type { Call } from './graph.js'
import { readRole } from './read-role.js'

/**
 * Outputs of a call, 1 a channel, that depend on constants only; `inputs` holds NaN for channels
 * that are none.
 */
export async function constantOutputs(
  call: Call,
  inputs: readonly Float64Array[],
  { wiring, reader }: { wiring: Wiring; reader: Reader | undefined },
): Promise<Uint8Array> {
  const channels = channelsOf(call.outputs[0]!)
  if (wiring.kind === 'table') return equalColumns(call)
  if (wiring.kind === 'kernel') {
    return wiring.closed === undefined ? unreached(inputs[0]!, reader!) : new Uint8Array(channels)
  }
  if (wiring.kind === 'closed') return new Uint8Array(channels)
  const constant = new Uint8Array(channels).fill(1)
  const zero = new Uint8Array(channels)
  wiring.each((input, from, to) => {
    const value = inputs[input]![from]!
    if (Number.isNaN(value)) constant[to] = 0
    if (value === 0) zero[to] = 1
  })
  const silent = await silentChannels(call)
  return constant.map((own, channel) =>
    own || silent[channel] || (wiring.isProduct && zero[channel]) ? 1 : 0,
  )
}

/** Outputs of a kernel all of whose weights from channels that are no constants are 0. */
function unreached(values: Float64Array, { inputs, outputs, connections }: Reader): Uint8Array {
  const constant = new Uint8Array(outputs).fill(1)
  for (let input = 0; input < inputs; input++) {
    if (!Number.isNaN(values[input])) continue
    for (let output = 0; output < outputs; output++) {
      if (connections[input * outputs + output] !== 0) constant[output] = 0
    }
  }
  return constant
}

/** Channels of which a kernel or a scale is 0, so that nothing comes through. */
async function silentChannels({ className, workers: [layer], outputs }: Call): Promise<Uint8Array> {
  const channels = channelsOf(outputs[0]!)
  const silent = new Uint8Array(channels)
  for (const [role, { use }] of Object.entries(layerKind(className)?.weights ?? {})) {
    if (use !== 'kernel' && use !== 'scale') continue
    const { values } = await readRole(layer, role)
    if (values.length === 0) continue
    const zero = new Uint8Array(channels).fill(1)
    for (let i = 0; i < values.length; i++) if (values[i] !== 0) zero[i % channels] = 0
    for (let channel = 0; channel < channels; channel++) silent[channel]! |= zero[channel]!
  }
  return silent
}

/** Columns of a table that hold one value: it comes out for any number. */
async function equalColumns({ className, workers: [layer], outputs }: Call): Promise<Uint8Array> {
  const channels = channelsOf(outputs[0]!)
  const { weights = {} } = layerKind(className) ?? {}
  const [role] = Object.entries(weights).find(([, weight]) => isTable(weight))!
  const { values } = await readRole(layer, role)
  const equal = new Uint8Array(channels).fill(1)
  for (let i = channels; i < values.length; i++)
    if (values[i] !== values[i % channels]) equal[i % channels] = 0
  return equal
}
