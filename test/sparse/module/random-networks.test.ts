import { describe, expect, it } from 'vitest'
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
})
