import { hashSeed, randomStream } from '../../internal/random.js'
import { kernelFunctions } from '../kernels/code/functions.js'
import type { Network } from '../network/network.js'
import { sizeOf } from '../programs/layout/layouts.js'
import { encodeModule } from './encode-module.js'
import { type RecordedNetwork, recordNetwork } from './record-network.js'

/** The task, in the words of errors. */
export const task = 'write a module'

/**
 * Writes a network as a module, and compares the outcome of both for a sample. The module tells its
 * shapes, and what else is to be told.
 */
export async function writeModule(
  network: Network,
  told: object = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const foreign = network.steps.find(({ operation }) => operation.kind === 'layerCall')
  if (foreign) {
    const got = `${foreign.layer}, which runs in tfjs`
    throw new RangeError(`Cannot ${task}: expected layers that can be compiled, got ${got}`)
  }
  const recorded = await recordNetwork(network)
  const file = encode(network, recorded, told)
  await checkFile(file, network, recorded)
  return file
}

/** The module of a recorded network. */
function encode(
  network: Network,
  { calls, made, memory, bytes, places }: RecordedNetwork,
  told: object,
): Uint8Array<ArrayBuffer> {
  const called = new Set(calls.map(({ name }) => name))
  const functions = [...kernelFunctions({ relaxed: false }), ...made.values()]
  const side = (values: readonly number[], addresses: readonly number[]) =>
    values.map((value, i) => ({ address: addresses[i]!, length: sizeOf(network.shapes[value]!) }))
  const shapes = (values: readonly number[]) => values.map((value) => network.shapes[value]!)
  return encodeModule({
    ...{ calls, memory, bytes },
    functions: functions.filter(({ name }) => called.has(name)),
    inputs: side(network.inputs, places.inputs),
    outputs: side(network.outputs, places.outputs),
    facts: {
      ...{ version: 1, inputs: shapes(network.inputs), outputs: shapes(network.outputs) },
      ...told,
    },
  })
}

async function instantiate(file: Uint8Array<ArrayBuffer>) {
  try {
    return await WebAssembly.instantiate(file)
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause)
    throw new RangeError(`Cannot ${task}: expected one that this host runs, got ${got}`, { cause })
  }
}

/** Share of the largest output by which the file may differ. */
const TOLERANCE = 1e-5

/** Throws unless the file gives the outputs of the network for a sample. */
async function checkFile(
  file: Uint8Array<ArrayBuffer>,
  network: Network,
  { run }: RecordedNetwork,
): Promise<void> {
  const { uniform } = randomStream(hashSeed('probe'))
  const inputs = network.inputs.map((value) =>
    Float32Array.from({ length: sizeOf(network.shapes[value]!) }, () => 2 * uniform() - 1),
  )
  const wanted = run(inputs)
  const { instance } = await instantiate(file)
  const exports = instance.exports as Readonly<Record<string, WebAssembly.ExportValue>>
  const at = (name: string, length: number) => {
    const { buffer } = exports.memory as WebAssembly.Memory
    return new Float32Array(buffer, (exports[name] as WebAssembly.Global).value, length)
  }
  for (const [i, input] of inputs.entries()) at(`input${i}`, input.length).set(input)
  ;(exports.run as () => number)()
  for (const [i, values] of wanted.entries()) {
    const got = at(`output${i}`, values.length)
    const most = values
      .filter(Number.isFinite)
      .reduce((top, value) => Math.max(top, Math.abs(value)), 0)
    const isNear = (value: number, j: number) =>
      Object.is(value, got[j]) || Math.abs(value - got[j]!) <= TOLERANCE * most
    const wrong = values.findIndex((value, j) => !isNear(value, j))
    if (wrong < 0) continue
    throw new RangeError(
      `Cannot ${task}: expected ${values[wrong]} at ${wrong} of output ${i}, got ${got[wrong]}`,
    )
  }
}
