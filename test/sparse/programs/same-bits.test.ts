import { describe, expect, it } from 'vitest'
import { createKernels } from '../../../src/sparse/kernels/create-kernels.js'
import { createMemory } from '../../../src/sparse/kernels/memory.js'
import { createConstants } from '../../../src/sparse/programs/layout/memory.js'
import { createProgram } from '../../../src/sparse/programs/program.js'
import { interpret } from '../support/interpret.js'
import { dice } from '../support/random-networks.js'
import { residualNetwork } from '../support/residual-network.js'

describe('programs of a network of products', () => {
  it.each([0.1, 0.5, 1])(
    'give the same bits in all orders and kernels at density %d',
    async (density) => {
      const network = residualNetwork(density)
      const memory = createMemory()
      const machine = {
        ...{ memory, kernels: await createKernels(memory), constants: createConstants(memory) },
      }
      const input = dice(3).floats(19 * 8 * 9 * 3)
      const runs = ([16, 1] as const).flatMap((lanes) =>
        [
          { sparse: 1, dense: 1000 },
          { sparse: 1000, dense: 1 },
        ].map((costs) => {
          const program = createProgram(network, machine, { lanes, costs })
          const ways = program.steps.flatMap(({ way }) => (way ? [way] : []))
          expect(new Set(ways)).toEqual(new Set([costs.dense === 1 ? 'dense' : 'sparse']))
          return program.run([input], 19)
        }),
      )
      for (const outputs of runs) expect(outputs).toEqual(runs[0])
      const [wanted] = interpret(network, [input], 19)
      wanted!.forEach((x, i) => {
        expect(Math.abs(runs[0]![0]![i]! - x)).toBeLessThan(1e-5 * Math.max(1, Math.abs(x)))
      })
    },
  )
})
