import { describe, expect, it } from 'vitest'
import { createKernels } from '../../../src/sparse/kernels/create-kernels.js'
import { createMemory } from '../../../src/sparse/kernels/memory.js'
import type { Network } from '../../../src/sparse/network/network.js'
import { createConstants } from '../../../src/sparse/programs/layout/memory.js'
import { createProgram } from '../../../src/sparse/programs/program.js'
import { interpret } from '../support/interpret.js'
import { plainKernels, plainMemory } from '../support/plain-kernels.js'
import { allKinds, dice, randomNetwork } from '../support/random-networks.js'

const machines = {
  plain: async () => {
    const memory = plainMemory(1 << 25)
    return { memory, kernels: plainKernels(memory), constants: createConstants(memory) }
  },
  wasm: async () => {
    const memory = createMemory()
    return { memory, kernels: await createKernels(memory), constants: createConstants(memory) }
  },
}

const costs = { sparse: 2, dense: 1 }

function describeSteps({ steps, shapes }: Network): string {
  return steps
    .map(
      (s) =>
        `${s.operation.kind} ${s.inputs.map((v) => `[${shapes[v]}]`)} -> [${shapes[s.output]}]`,
    )
    .join('; ')
}

function expectClose(got: Float32Array, wanted: Float32Array, what: string): void {
  expect(got.length).toBe(wanted.length)
  const top = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-3)
  let worst = 0
  for (let i = 0; i < got.length; i++) {
    const distance = Math.abs(got[i]! - wanted[i]!)
    worst = Math.max(worst, Number.isNaN(distance) ? 1 : distance / top)
  }
  expect(worst, what).toBeLessThan(1e-5)
}

/** Networks and outputs of the interpreter by names, for both kinds of kernels. */
const networks = new Map<string, Network>()
const interpreted = new Map<string, readonly Float32Array[]>()

function once<T>(known: Map<string, T>, name: string, make: () => T): T {
  const value = known.get(name) ?? make()
  known.set(name, value)
  return value
}

/** A random network, and the seed of its inputs. */
interface Case {
  readonly name: string
  readonly network: () => Network
  readonly seed: number
}

async function check(make: keyof typeof machines, { name, network: build, seed }: Case) {
  const network = once(networks, name, build)
  const shared = await machines[make]()
  const programs = ([16, 1] as const).map((lanes) =>
    createProgram(network, shared, { lanes, costs }),
  )
  const size = network.shapes[0]!.reduce((a, b) => a * b, 1)
  // Numbers that are left over from an earlier run must not be seen.
  for (const program of programs) program.run([new Float32Array(16 * size).fill(Number.NaN)], 16)
  for (const batch of [1, 5, 16, 19]) {
    const input = dice(seed + batch).floats(batch * size)
    const wanted = once(interpreted, `${name}, batch ${batch}`, () =>
      interpret(network, [input], batch),
    )
    const [many, one] = programs.map((program) => program.run([input], batch))
    wanted.forEach((values, i) => {
      const what = `output ${i} of ${batch}: ${describeSteps(network)}`
      expectClose(many![i]!, values, `16 lanes, ${what}`)
      expectClose(one![i]!, values, `1 lane, ${what}`)
    })
  }
}

describe.each(['plain', 'wasm'] as const)('createProgram on %s kernels', (make) => {
  it.each(allKinds)('runs %s as the interpreter does', async (kind) => {
    for (let seed = 0; seed < 12; seed++)
      await check(make, {
        ...{ name: `${kind} ${seed}`, seed },
        network: () => randomNetwork(seed, 1, { first: kind }),
      })
  })

  it.each(Array.from({ length: 40 }, (_, seed) => seed))('runs random network %d', async (seed) => {
    await check(make, {
      ...{ name: `network ${seed}`, seed },
      network: () => randomNetwork(seed + 100, 8),
    })
  })

  // Frames, phases and planes of several readers.
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'runs random image network %d',
    async (seed) => {
      const kinds = ['convolution', 'depthwise', 'pool', 'pad', 'activate', 'merge', 'concatenate']
      await check(make, {
        ...{ name: `image network ${seed}`, seed },
        network: () => randomNetwork(seed + 500, 6, { first: 'convolution', kinds }),
      })
    },
  )
})
