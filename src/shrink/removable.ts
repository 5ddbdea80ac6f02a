import { channelsOf } from '../internal/model-graph.js'
import type { ChannelGroups } from './channel-groups.js'
import { inputPlace, outputPlace, type Place, type Reader, UNEVEN } from './connections.js'
import type { Constants } from './constants.js'

/** The facts about the inputs of a layer with a kernel, 1 value a channel. */
interface Readings {
  readonly reader: Reader
  /** Group of each input and output channel. */
  readonly inputs: Int32Array
  readonly outputs: Int32Array
  /** The constant of each input channel in all calls; NaN where there is none. */
  readonly values: Float64Array
}

/**
 * Finds the groups of channels that nothing needs, 1 a group: no output that stays reads them, or
 * reads a constant that its bias can take over. Starts with all that are not closed, and takes back
 * those that are needed until nothing changes: outputs that go make more inputs needless. At least
 * one channel of each tensor stays.
 */
export function findRemovable(
  groups: ChannelGroups,
  { readers, constants }: { readers: readonly Reader[]; constants: Constants },
): Uint8Array {
  const removable = groups.closed.map((closed) => 1 - closed)
  const readings = readers.map((reader) => read(reader, groups, constants))
  settle(removable, readings)
  for (const tensor of groups.tensors) {
    const channels = Array.from({ length: channelsOf(tensor) }, (_, channel) =>
      groups.groupOf(tensor, channel),
    )
    if (channels.length === 0 || channels.some((group) => !removable[group])) continue
    removable[channels[0]!] = 0
    settle(removable, readings)
  }
  return removable
}

/**
 * Channels that are constant and stay: the padding lets parts of them through, which the bias
 * cannot take over.
 */
export function constantsThatStay(
  reader: Reader,
  removable: Uint8Array,
  { groups, constants }: { groups: ChannelGroups; constants: Constants },
): number[] {
  const reading = read(reader, groups, constants)
  const { inputs, outputs, values } = reading
  const staying: number[] = []
  for (const [input, group] of inputs.entries()) {
    if (
      removable[group] ||
      groups.closed[group] ||
      Number.isNaN(values[input]) ||
      values[input] === 0
    )
      continue
    if (outputs.some((output, i) => !removable[output] && bitsOf(reader, input, i) & UNEVEN))
      staying.push(input)
  }
  return staying
}

function read(reader: Reader, groups: ChannelGroups, constants: Constants): Readings {
  const [first] = reader.calls
  const groupsAt = ({ tensor, offset }: Place, length: number) =>
    Int32Array.from({ length }, (_, channel) => groups.groupOf(tensor, offset + channel))
  const inputs = groupsAt(inputPlace(reader, first!), reader.inputs)
  const outputs = groupsAt(outputPlace(reader, first!), reader.outputs)
  return { reader, inputs, outputs, values: constantInputs(reader, constants) }
}

/** Constants that a layer reads in each of its calls; NaN where calls differ. */
export function constantInputs(reader: Reader, { tensors, states }: Constants): Float64Array {
  const { calls, inputs, reads } = reader
  if (reads === 'state') return states.get(reader)!
  const known = calls.map((call) => tensors.get(call.inputs[0]!))
  return Float64Array.from({ length: inputs }, (_, channel) => {
    const value = known[0]?.[channel] ?? Number.NaN
    return known.every((values) => values?.[channel] === value) ? value : Number.NaN
  })
}

/** Takes back the groups that are needed, readers near the outputs first. */
function settle(removable: Uint8Array, readings: readonly Readings[]): void {
  let isSettled = false
  while (!isSettled) {
    isSettled = true
    for (const reading of readings.toReversed()) {
      for (const [input, group] of reading.inputs.entries()) {
        if (!removable[group] || !isNeeded(reading, input, removable)) continue
        removable[group] = 0
        isSettled = false
      }
    }
  }
}

function isNeeded(
  { reader, outputs, values }: Readings,
  input: number,
  removable: Uint8Array,
): boolean {
  const value = values[input]!
  if (value === 0) return false
  const bits = Number.isFinite(value) ? UNEVEN : -1
  for (let output = 0; output < outputs.length; output++) {
    if (!removable[outputs[output]!] && bitsOf(reader, input, output) & bits) return true
  }
  return false
}

function bitsOf({ outputs, connections }: Reader, input: number, output: number): number {
  return connections[input * outputs + output]!
}
