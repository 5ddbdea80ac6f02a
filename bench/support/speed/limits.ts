import { assemble, type Code, v128 } from '../../../src/internal/assembler.js'
import { constant, countDown, get, increase, set } from '../../../src/internal/instructions.js'
import { four } from '../../../src/internal/lanes.js'
import { createMemory } from '../../../src/sparse/kernels/memory.js'
import { leastProcessorSeconds } from '../measure.js'

/** The most that one core does in WebAssembly. */
export interface Limits {
  /** Multiplications and additions in registers, GFLOP/s, without relaxed instructions. */
  readonly peak: number
  /** Reading of memory that no cache of the core holds, GB/s. */
  readonly bandwidth: number
}

/** Measures both, as processor time. */
export async function measureLimits(): Promise<Limits> {
  return { peak: await simdPeak(), bandwidth: await readingRate() }
}

/** Bytes of a vector. */
const VECTOR = 16
/** Parameters come first in the numbers of locals: turns and address. */
const [TURNS, AT, FIRST] = [0, 1, 2]

/** Chains of additions, and as many of multiplications, that do not wait for each other. */
const CHAINS = 6

export async function simdPeak(): Promise<number> {
  const turns = 1e5
  const step = FIRST
  const chains = Array.from({ length: 2 * CHAINS }, (_, i) => {
    const local = FIRST + 1 + i
    const operation = i < CHAINS ? four.add : four.multiply
    return [...get(local), ...get(step), ...operation, ...set(local)]
  })
  const seconds = await secondsOf({
    bytes: VECTOR,
    body: countDown(TURNS, chains.flat()),
    vectors: 1 + 2 * CHAINS,
    turns,
  })
  return (turns * 2 * CHAINS * 4) / seconds / 1e9
}

const READ_BYTES = 2 ** 26
/** Vectors that one turn reads. */
const READS = 8

export async function readingRate(): Promise<number> {
  const reads = Array.from({ length: READS }, (_, i) => {
    const local = FIRST + (i % 4)
    return [...get(AT), ...four.load(VECTOR * i), ...get(local), ...four.add, ...set(local)]
  })
  const turns = READ_BYTES / (VECTOR * READS)
  const body = countDown(TURNS, [...reads.flat(), ...increase(AT, constant(VECTOR * READS))])
  return READ_BYTES / (await secondsOf({ bytes: READ_BYTES, body, vectors: 4, turns })) / 1e9
}

interface Trial {
  /** Memory that it works on. */
  readonly bytes: number
  readonly body: Code
  /** Locals behind the parameters, all vectors of 4 floats. */
  readonly vectors: number
  readonly turns: number
}

/** Processor seconds of a call. The sum of all vectors is stored, so that no work can be left out. */
async function secondsOf({ bytes, body, vectors, turns }: Trial): Promise<number> {
  const memory = createMemory()
  const [from, result] = [memory.reserve(bytes), memory.reserve(VECTOR)]
  const sum = Array.from({ length: vectors - 1 }, (_, i) => [...get(FIRST + 1 + i), ...four.add])
  const whole = [...body, ...[...constant(result), ...get(FIRST), ...sum.flat(), ...four.store(0)]]
  const locals = [[vectors, v128]] as const
  const code = assemble([{ name: 'run', parameters: 2, locals, body: whole }], { shared: false })
  const { instance } = await WebAssembly.instantiate(code, { host: { memory: memory.host } })
  // pages that were never written are all one page of zeros, which a cache holds
  new Uint8Array(memory.buffer).fill(1)
  const run = instance.exports.run as (turns: number, at: number) => void
  const seconds = leastProcessorSeconds(() => run(turns, from))
  memory.dispose()
  return seconds
}
