import { createKernels } from './kernels/create-kernels.js'
import { createMemory, type Memory } from './kernels/memory.js'
import { measureCosts } from './measure-costs.js'
import type { Network, Shape } from './network/network.js'
import { foldPads } from './programs/fold-pads.js'
import { createConstants } from './programs/layout/memory.js'
import { createProgram, type Program } from './programs/program.js'
import { fewSamples } from './programs/side-by-side.js'
import type { SparseStats } from './sparse-network.js'
import { statsOf } from './stats-of.js'
import type { Threads } from './threads/worker-threads.js'

/** A network in the memory of its kernels. */
export interface Loaded {
  readonly inputs: readonly Shape[]
  readonly outputs: readonly Shape[]
  readonly run: Program['run']
  readonly stats: SparseStats
  readonly dispose: () => void
}

interface LoadOptions {
  readonly relaxed: boolean
  readonly threads: Threads | undefined
}

const LANES = 16

/** Puts a network into memory. Its two programs, for one image and for 16, are made when needed. */
export async function loadNetwork(
  whole: Network,
  { relaxed, threads }: LoadOptions,
): Promise<Loaded> {
  const network = foldPads(whole)
  const costs = await measureCosts(relaxed)
  const memory = createMemory(threads ? { shared: threads } : {})
  const { kernels, end } = await startKernels(memory, { relaxed, threads })
  const dispose = () => {
    end()
    memory.dispose()
  }
  const machine = { kernels, memory, constants: createConstants(memory) }
  const programs = new Map<1 | 16, Program>()
  const programOf = (lanes: 1 | 16): Program => {
    const known = programs.get(lanes)
    if (known) return known
    const start = memory.used
    try {
      const program = createProgram(network, machine, { lanes, costs, checked: true })
      programs.set(lanes, program)
      return program
    } catch (error) {
      // A program that finds no memory leaves nothing behind.
      memory.release(start)
      machine.constants.forget(start)
      throw error
    }
  }
  let single: Program
  try {
    single = programOf(1)
  } catch (error) {
    dispose()
    throw error
  }
  const few = fewSamples(network)
  const shapeOf = (value: number) => network.shapes[value]!
  return {
    inputs: network.inputs.map(shapeOf),
    outputs: network.outputs.map(shapeOf),
    run: (inputs, batch) => {
      const rest = batch % LANES
      const whole = rest > few ? batch : batch - rest
      if (whole === 0) return single.run(inputs, batch)
      const outputs = programOf(LANES).run(inputs, batch, { end: whole })
      return whole === batch ? outputs : single.run(inputs, batch, { first: whole, outputs })
    },
    get stats() {
      return statsOf(network, single.steps, memory.used)
    },
    dispose,
  }
}

async function startKernels(memory: Memory, { relaxed, threads }: LoadOptions) {
  if (threads) return threads.start(memory, { relaxed })
  return { kernels: await createKernels(memory, { relaxed }), end: () => {} }
}
