import * as threads from 'node:worker_threads'
import { vi } from 'vitest'
import type { Kernels } from '../../../src/sparse/kernels/kernels.js'
import type { Network } from '../../../src/sparse/network/network.js'
import { createConstants, type Memory } from '../../../src/sparse/programs/layout/memory.js'
import { createProgram } from '../../../src/sparse/programs/program.js'
import { dice } from '../support/random-networks.js'

/** Runs a network with the kernels of both kinds of matrices, where costs choose them. */
export function runsOf(
  network: Network,
  machine: { readonly kernels: Kernels; readonly memory: Memory },
  batch: number,
): Float32Array[][] {
  const constants = createConstants(machine.memory)
  const size = network.shapes[network.inputs[0]!]!.reduce((a, b) => a * b, 1)
  const input = dice(5).floats(batch * size)
  return ([1, 16] as const).flatMap((lanes) =>
    [
      { sparse: 1, dense: 1000 },
      { sparse: 1000, dense: 1 },
    ].map((costs) =>
      createProgram(network, { ...machine, constants }, { lanes, costs }).run([input], batch),
    ),
  )
}

/** The bits of all numbers: those of NaN and of -0 count as well. */
export const bitsOf = (runs: readonly (readonly Float32Array[])[]): number[][] =>
  runs.flatMap((outputs) =>
    outputs.map((one) => [...new Uint32Array(one.buffer, one.byteOffset, one.length)]),
  )

/** Counts the workers that start from now on, and those that have not ended; one may be broken. */
export function countWorkers({ broken = -1 } = {}): { started: number; alive: number } {
  const counts = { started: 0, alive: 0 }
  const { Worker } = threads
  class Counted extends Worker {
    constructor(code: string, options: threads.WorkerOptions) {
      super(counts.started === broken ? 'throw new Error("out of luck")' : code, options)
      counts.started++
      counts.alive++
      this.once('exit', () => {
        counts.alive--
      })
    }
  }
  const find = process.getBuiltinModule
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: 'node:worker_threads') =>
    name === 'node:worker_threads'
      ? { ...threads, Worker: Counted }
      : find.call(process, name)) as never)
  return counts
}
