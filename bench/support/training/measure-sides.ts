import type { Optimizer } from '@tensorflow/tfjs-core'
import { compileSparse } from 'tfjs-prune/sparse'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { checkSame } from '../speed/compare.js'
import { measureInTurns, type Times } from '../speed/times.js'
import { BATCH, type TrainingCase } from './cases.js'
import { type Prepared, prepare, release } from './context.js'
import { fitSide } from './fit-side.js'
import { stepSides } from './step-sides.js'

/** Milliseconds of processor time for a side at a density. */
const BUDGET = 500
export const TURNS = 2

interface Setting {
  readonly density: number
  readonly optimizer: () => Optimizer
}

/** Milliseconds of a step, within whole calls of `fit` and by itself, by the names of the sides. */
export async function measureSides(
  { build, steps, epochs, ownSteps }: Omit<TrainingCase, 'peer'>,
  { density, optimizer }: Setting,
) {
  const samples = (steps / epochs) * BATCH
  const [first, second, third, fourth] = [
    await prepare(build, { density, samples }),
    await prepare(build, { density, samples }),
    await prepare(build, { density, samples: BATCH }),
    await prepare(build, { density, samples: BATCH }),
  ]
  const engine = sparseTraining({ when: 'always' })
  const tfjs = fitSide('tfjs', first, { epochs, optimizer })
  const compiled = fitSide('compiled', second, { epochs, optimizer, engine })
  const own = await stepSides([third, fourth], { steps: ownSteps, optimizer })
  const difference = checkSame('compiled', await compiled.call(), await tfjs.call())
  const { times, others } = await measureInTurns([tfjs, compiled, ...own], {
    ...{ budget: BUDGET, turns: TURNS },
  })
  const multiplyAdds = await multiplyAddsOf(first)
  for (const side of [tfjs, compiled, ...own]) side.dispose()
  for (const prepared of [third, fourth]) release(prepared)
  const found: Record<string, Times> = Object.fromEntries(
    Object.entries(times).map(([side, all]) => [
      side,
      perStep(all, side.endsWith('Step') ? ownSteps : steps),
    ]),
  )
  return { found, difference, others, multiplyAdds }
}

const perStep = ({ processor, wall }: Times, steps: number): Times => {
  const scaled = ({ least, median }: Times['wall']) => ({
    ...{ least: least / steps, median: median / steps },
  })
  return { processor: scaled(processor), wall: scaled(wall) }
}

async function multiplyAddsOf({ model }: Prepared): Promise<number> {
  const network = await compileSparse(model)
  const { multiplyAdds } = network.stats
  network.dispose()
  return multiplyAdds
}
