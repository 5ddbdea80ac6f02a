import { loadavg } from 'node:os'
import { train } from '@tensorflow/tfjs-core'
import { runPython } from '../python.js'
import type { Limits } from '../speed/limits.js'
import type { Figure } from '../speed/runs.js'
import { ratioToThreads } from '../speed/threads-rule.js'
import { othersWhile, type Times } from '../speed/times.js'
import { BATCH, type TrainingCase } from './cases.js'
import { measureSides, TURNS } from './measure-sides.js'

/** Every density of a network: milliseconds of a step, by itself and within the call of `fit`. */
export async function* measureTraining(
  training: TrainingCase,
  limits: Limits,
): AsyncGenerator<Figure> {
  const [one, two] = [1, 2].map((threads) => peerTimes(training, threads))
  for (const [i, density] of training.densities.entries()) {
    const { found, difference, others, multiplyAdds } = await measureSides(training, {
      density,
      optimizer,
    })
    const [peer, pair] = [one?.times[i], two?.times[i]]
    yield {
      ...{ density, batch: BATCH, others, load: loadavg()[0]!, difference, multiplyAdds },
      times: { ...found, ...(peer && { torch: peer }) },
      limit: { sums: (2 * SHARE * BATCH * multiplyAdds) / limits.peak / 1e6, memory: 0 },
      ...(pair && {
        threads: beside(pair, { ours: found.compiled!, others: Math.max(others, two!.others) }),
      }),
    }
  }
}

/** A step makes the sums of the outputs, of the gradients of inputs, and of those of weights. */
const SHARE = 3

const optimizer = () => train.momentum(1e-4, 0.9)

/** The same steps in PyTorch with masks held by hand; nothing where it is not installed. */
function peerTimes({ peer, steps, epochs, densities }: TrainingCase, threads: number) {
  const samples = (steps / epochs) * BATCH
  const { made, others } = othersWhile(
    () =>
      runPython<{ times: Times[]; processor: number }>('peer/steps.py', [
        ...[peer, threads, samples, BATCH, TURNS],
        ...densities,
      ]),
    (made) => ('missing' in made ? 0 : made.processor),
  )
  if (!('missing' in made)) return { times: made.times, others }
  console.error(`PyTorch is left out of the figures: ${made.missing}`)
  return undefined
}

/** Wall time beside two threads. */
function beside(
  pair: Times,
  { ours, others }: { ours: Times; others: number },
): NonNullable<Figure['threads']> {
  const [theirs, own] = [pair.wall.least, ours.wall.least]
  const ratio = ratioToThreads({ peer: theirs, ours: own, others })
  return { peer: theirs, ours: own, others, ...(ratio === undefined ? {} : { ratio }) }
}
