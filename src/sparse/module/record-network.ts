import { compiledModule } from '../kernels/compiled-module.js'
import { instantiate } from '../kernels/create-kernels.js'
import { kernelsOf } from '../kernels/kernels-of.js'
import { createMemory, type Memory, SLACK } from '../kernels/memory.js'
import type { Network } from '../network/network.js'
import type { Costs } from '../programs/layout/builder.js'
import { sizeOf } from '../programs/layout/layouts.js'
import { createConstants, floatsOf } from '../programs/layout/memory.js'
import { plainLoops } from '../programs/loops/plain-loops.js'
import { createProgram, type Program } from '../programs/program.js'
import { createRecorder, type Recorder } from './record.js'

/** A network as the calls of a run on one sample, and the memory that they begin with. */
export interface RecordedNetwork extends Pick<Recorder, 'calls' | 'made'> {
  readonly memory: Uint8Array
  /** Bytes of memory with those beyond the last place. */
  readonly bytes: number
  /** The addresses of a sample of each input and output. */
  readonly places: Program['places']
  /** Runs the network here, on one sample. */
  readonly run: (inputs: readonly Float32Array[]) => Float32Array[]
}

/** The same on every host, so that the same network gives the same file. */
const COSTS: Costs = { sparse: 1.7, dense: 1 }

/** Runs a network once, and writes down what it calls. */
export async function recordNetwork(network: Network): Promise<RecordedNetwork> {
  const memory = createMemory()
  const recorder = createRecorder()
  const module = await compiledModule({ shared: false, relaxed: false })
  const kernels = kernelsOf(recorder.exports(await instantiate(module, memory)))
  const constants = createConstants(memory)
  const loops = recorder.loops(plainLoops(floatsOf(memory)), constants)
  const machine = { memory, kernels, constants, loops }
  const program = createProgram(network, machine, { lanes: 1, costs: COSTS })
  const zeros = network.inputs.map((value) => new Float32Array(sizeOf(network.shapes[value]!)))
  recorder.record(() => program.run(zeros, 1))
  return {
    ...{ calls: recorder.calls, made: recorder.made, places: program.places },
    memory: imageOf(memory),
    bytes: memory.used + SLACK,
    run: (inputs) => program.run(inputs, 1),
  }
}

const imageOf = ({ buffer, used }: Memory) => new Uint8Array(buffer, 0, used).slice()
