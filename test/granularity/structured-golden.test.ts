import { expect, test } from 'vitest'
import { channels } from '../../src/granularity/channels.js'
import { expandGrains } from '../../src/granularity/expand-grains.js'
import { grainMask } from '../../src/granularity/grain-mask.js'
import { grainScores } from '../../src/granularity/grain-scores.js'
import { units } from '../../src/granularity/units.js'
import { keepHighest } from '../../src/masks/keep-highest.js'
import golden from '../golden/structured.json' with { type: 'json' }

test.each(golden.cases)(
  '$granularity of $layer with the L$norm norm agree with ln_structured of PyTorch',
  (entry) => {
    const { layer, className, role, granularity, norm, shape, values, steps } = entry
    const combine = norm === 1 ? 'sum' : 'norm'
    const { grains: grainsOf } =
      granularity === 'units' ? units({ combine }) : channels({ combine })
    const grains = grainsOf({ name: `${layer}/${role}`, layer, role, className, shape })
    let mask: Uint8Array = new Uint8Array(values.length).fill(1)
    for (const step of steps) {
      const scores = grainScores(Float32Array.from(values, Math.abs), grains, { mask, combine })
      mask = expandGrains(keepHighest(scores, step.kept, grainMask(mask, grains)), grains, mask)
      expect([...mask]).toEqual(step.mask)
    }
  },
)
