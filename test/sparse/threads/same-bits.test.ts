import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compiledModule } from '../../../src/sparse/kernels/compiled-module.js'
import { createKernels, instantiate } from '../../../src/sparse/kernels/create-kernels.js'
import { kernelsOf } from '../../../src/sparse/kernels/kernels-of.js'
import { createMemory, type Memory } from '../../../src/sparse/kernels/memory.js'
import { recorder } from '../../../src/sparse/threads/recorder.js'
import { type StartedThreads, startThreads } from '../../../src/sparse/threads/start-threads.js'
import { threadedKernels } from '../../../src/sparse/threads/threaded-kernels.js'
import { allKinds, dice, randomNetwork } from '../support/random-networks.js'
import { residualNetwork } from '../support/residual-network.js'
import { bitsOf, runsOf } from './support.js'

/** Everything is shared, however small. */
const least = { sums: 0, floats: 0 }

async function plainRuns(network: ReturnType<typeof randomNetwork>, batch: number) {
  const memory = createMemory()
  return bitsOf(runsOf(network, { memory, kernels: await createKernels(memory) }, batch))
}

/** Kernels of which the parts run one after the other in a random order. */
async function shuffledKernels(memory: Memory, parts: number) {
  const exports = await instantiate(await compiledModule({ shared: false, relaxed: false }), memory)
  const compiled = Object.values(exports)
  const record = recorder(Object.keys(exports))
  const { whole } = dice(9)
  const counts = { jobs: 0, calls: 0 }
  const kernels = threadedKernels(kernelsOf(exports), {
    ...{ parts, least },
    words: () => new Int32Array(memory.buffer),
    share: (places, calls) => {
      const left = [...record(places, calls)]
      counts.jobs++
      counts.calls += left.length
      while (left.length > 0) {
        const [[index, ...parameters]] = left.splice(whole(left.length), 1) as [[number]]
        compiled[index]!(...parameters)
      }
    },
  })
  return { kernels, counts }
}

describe('threadedKernels', () => {
  it.each([2, 3, 7])('threadedKernels gives the bits of one thread in %i parts', async (parts) => {
    for (const [i, first] of [...allKinds, ...allKinds].entries()) {
      const network = randomNetwork(i + 1, 5, { first })
      const memory = createMemory()
      const { kernels } = await shuffledKernels(memory, parts)
      const got = bitsOf(runsOf(network, { memory, kernels }, 18))
      expect(got, `network ${i + 1}, ${first}`).toEqual(await plainRuns(network, 18))
    }
  })

  it('threadedKernels cuts calls into parts', async () => {
    const memory = createMemory()
    const { kernels, counts } = await shuffledKernels(memory, 4)
    runsOf(residualNetwork(0.5), { memory, kernels }, 16)
    expect(counts.jobs).toBeGreaterThan(50)
    expect(counts.calls / counts.jobs).toBeGreaterThan(1.5)
  })
})

describe('startThreads', () => {
  const memory = createMemory({ shared: { maximumBytes: 2 ** 28 } })
  let started: StartedThreads
  beforeAll(async () => {
    started = await startThreads(memory, { count: 3, relaxed: false, least })
  })
  afterAll(() => started.end())

  it.each([1, 18])('startThreads gives the bits of one thread: %i samples', async (batch) => {
    const { kernels } = started
    for (const [i, first] of allKinds.entries()) {
      const network = randomNetwork(100 + i, 5, { first })
      const got = bitsOf(runsOf(network, { memory, kernels }, batch))
      expect(got, `network ${100 + i}, ${first}`).toEqual(await plainRuns(network, batch))
    }
  })

  it('startThreads gives the same bits turn after turn', async () => {
    const network = residualNetwork(0.3)
    const { kernels } = started
    const wanted = await plainRuns(network, 1)
    for (let turn = 0; turn < 50; turn++)
      expect(bitsOf(runsOf(network, { memory, kernels }, 1))).toEqual(wanted)
  })

  it('startThreads works alone after its workers have ended', async () => {
    const memory = createMemory({ shared: { maximumBytes: 2 ** 24 } })
    const { kernels, end } = await startThreads(memory, { count: 2, relaxed: false, least })
    end()
    const network = residualNetwork(0.3)
    expect(bitsOf(runsOf(network, { memory, kernels }, 2))).toEqual(await plainRuns(network, 2))
  })
})
