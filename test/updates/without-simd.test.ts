import { backend } from '@tensorflow/tfjs-core'
import { beforeAll, expect, test, vi } from 'vitest'
import type { WasmBackend } from '../../src/backends/wasm/engine/backend.js'
import { engineOf } from '../../src/backends/wasm/engine/engine-of.js'
import { clippedOptimizer } from '../../src/training/clipped-optimizer.js'
import { fusedStep } from '../../src/updates/fused-step.js'
import { fuse, fusedKinds, heldSubject, numbersOf, plainSubject, stateOf, step } from './support.js'

// As on a host without SIMD.
vi.mock('../../src/backends/wasm/engine/simd-engine.js', () => ({ simdEngine: () => undefined }))

beforeAll(fuse)

test.runIf(process.env.TFJS_BACKEND === 'wasm').each([40, 2, 1])(
  'fused steps on wasm without SIMD are those of tfjs to the last bit, 1 of %i',
  async (n) => {
    expect(fusedStep()).toBeDefined()
    expect(engineOf(backend() as WasmBackend).simd).toBe(false)
    for (const kind of Object.keys(fusedKinds)) {
      const clipped = () => clippedOptimizer(fusedKinds[kind]!(), { clipNorm: 1e3 })
      const held = heldSubject(clipped, n)
      const plain = plainSubject(fusedKinds[kind]!, held)
      for (let at = 0; at < 5; at++) {
        step(held, { seed: at, masked: false })
        step(plain, { seed: at, masked: true })
      }
      expect(numbersOf(held.variables)).toEqual(numbersOf(plain.variables))
      expect(await stateOf(held.optimizer)).toEqual(await stateOf(plain.optimizer))
    }
  },
)
