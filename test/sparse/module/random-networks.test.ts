import { describe, expect, it, vi } from 'vitest'
import { encodeModule } from '../../../src/sparse/module/encode-module.js'
import { writeModule } from '../../../src/sparse/module/write-module.js'
import type { Network } from '../../../src/sparse/network/network.js'
import { interpret } from '../support/interpret.js'
import { allKinds, dice, randomNetwork } from '../support/random-networks.js'
import { openFile } from './run-file.js'

function farthest(got: Float32Array, wanted: Float32Array): number {
  const top = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-3)
  return wanted.reduce((most, x, i) => {
    const distance = Math.abs(x - got[i]!) / top
    return Math.max(most, Number.isNaN(distance) ? 1 : distance)
  }, 0)
}

async function check(network: Network, seed: number): Promise<void> {
  const file = await openFile(await writeModule(network))
  expect(WebAssembly.Module.imports(file.module)).toEqual([])
  const sizes = network.inputs.map((value) => network.shapes[value]!.reduce((a, b) => a * b, 1))
  // One sample after the other: nothing that one leaves in memory is seen by the next.
  for (let sample = 0; sample < 3; sample++) {
    const inputs = sizes.map((size) => dice(seed + sample).floats(size))
    expect(file.run(inputs)).toBe(0)
    interpret(network, inputs, 1).forEach((wanted, i) => {
      expect(farthest(file.outputs()[i]!, wanted)).toBeLessThan(1e-5)
    })
  }
}

const kinds = allKinds.filter((kind) => kind !== 'layerCall')

describe('writeModule', () => {
  it.each(kinds)('writes %s as the interpreter runs it', async (kind) => {
    for (let seed = 0; seed < 6; seed++) await check(randomNetwork(seed, 1, { first: kind }), seed)
  })

  it('writes 40 random networks as the interpreter runs them', async () => {
    for (let seed = 0; seed < 40; seed++) await check(randomNetwork(seed + 100, 8, { kinds }), seed)
  })

  it('writes 40 random image networks as the interpreter runs them', async () => {
    const kinds = ['convolution', 'depthwise', 'pool', 'pad', 'activate', 'merge', 'concatenate']
    for (let seed = 0; seed < 40; seed++)
      await check(randomNetwork(seed + 500, 6, { first: 'convolution', kinds }), seed)
  })

  it('refuses a layer that runs in tfjs, by its name', async () => {
    const network = randomNetwork(1, 1, { first: 'layerCall' })
    await expect(writeModule(network)).rejects.toThrow(
      /expected layers that can be compiled, got \S+, which/,
    )
  })

  it('gives the same bytes for the same network', async () => {
    const [one, other] = [
      await writeModule(randomNetwork(7, 8, { kinds })),
      await writeModule(randomNetwork(7, 8, { kinds })),
    ]
    expect(one).toEqual(other)
  })

  it('answers with 1 for an input that is not finite', async () => {
    const network = randomNetwork(3, 4, { kinds })
    const file = await openFile(await writeModule(network))
    const [size] = network.inputs.map((value) => network.shapes[value]!.reduce((a, b) => a * b, 1))
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const input = dice(1).floats(size!)
      expect(file.run([input])).toBe(0)
      input[size! - 1] = bad
      expect(file.run([input])).toBe(1)
    }
  })

  it('sees each number of an input of any length', async () => {
    for (let length = 1; length <= 9; length++) {
      const file = await openFile(await writeModule(activated(length, 'linear')))
      for (let place = 0; place < length; place++) {
        for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY]) {
          const input = new Float32Array(length).fill(-3e38)
          expect(file.run([input])).toBe(0)
          input[place] = bad
          expect(file.run([input]), `${bad} at ${place} of ${length}`).toBe(1)
        }
      }
    }
  })

  it('compares the finite outputs of a network that has others too', async () => {
    const { shapes, steps, ...ends } = activated(300, 'softplus')
    const factors = new Float32Array(300).fill(1)
    factors[0] = Number.NaN
    const scale = { kind: 'scale', factors, terms: new Float32Array(300) } as const
    const step = { layer: 'scale', operation: scale, inputs: [0], output: 2 }
    const network: Network = {
      ...{ ...ends, shapes: [...shapes, [300]] },
      steps: [step, ...steps.map((one) => ({ ...one, inputs: [2] }))],
    }
    const file = await openFile(await writeModule(network))
    expect(file.run([dice(1).floats(300)])).toBe(0)
    expect(file.outputs()[0]![0]).toBeNaN()
  })

  it('tells of a module that the host does not run', async () => {
    const real = WebAssembly.instantiate.bind(WebAssembly) as (...given: unknown[]) => never
    const spy = vi.spyOn(WebAssembly, 'instantiate')
    spy.mockImplementation(((...given: unknown[]) => {
      if (ArrayBuffer.isView(given[0])) throw new WebAssembly.CompileError('too large')
      return real(...given)
    }) as never)
    try {
      await expect(writeModule(activated(3, 'linear'))).rejects.toThrow(
        new RangeError('Cannot write a module: expected one that this host runs, got too large'),
      )
    } finally {
      spy.mockRestore()
    }
  })
})

describe('encodeModule', () => {
  it('has no more stretches of memory than hosts allow', async () => {
    const words = new Float32Array(110_000 * 20).map((_, i) => (i % 20 === 0 ? i : 0))
    const memory = new Uint8Array(words.buffer)
    const { module } = await openFile(
      encodeModule({
        ...{ calls: [], functions: [], memory, bytes: memory.length, inputs: [] },
        ...{ outputs: [{ address: 0, length: words.length }], facts: { inputs: [], outputs: [] } },
      }),
    )
    const { exports } = await WebAssembly.instantiate(module)
    const { buffer } = exports.memory as WebAssembly.Memory
    const loaded = new Float32Array(buffer, 0, words.length)
    expect(words.every((word, i) => word === loaded[i])).toBe(true)
  })
})

/** A network of one function of a vector. */
function activated(length: number, name: string): Network {
  const operation = { kind: 'activate', name, parameters: {} } as const
  const steps = [{ layer: name, operation, inputs: [0], output: 1 }]
  return { shapes: [[length], [length]], inputs: [0], outputs: [1], steps }
}
