/**
 * One job of the study: a system at a rate, a number of epochs and a seed, on a set. It prunes and
 * trains level by level, and gives figures of each level.
 */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { applyTrained, type Evaluate, PruningError, prune, type Round } from 'tfjs-prune'
import { multiplyAdds } from 'tfjs-prune/shrink'
import { startWasm } from '../../examples/support/backend.js'
import { chanceLevel } from './chance-level.js'
import { denseKey } from './dense-key.js'
import { denseRound } from './dense-rounds.js'
import { measureLevel } from './measure-level.js'
import type { Network } from './networks/network.js'
import { networks } from './networks/networks.js'
import { optionsOf, type Prepared } from './options-of.js'
import { fingerprintOf } from './sets/fingerprint.js'
import { openSet } from './sets/sets.js'
import type { StudyPoint } from './study-point.js'
import type { Repair } from './systems/system.js'
import { systems } from './systems/systems.js'

const LEVELS = { tuning: [1, 0.0625], test: [1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625] }
const DENSE_ROUNDS = '.cache/study/dense'

let started: Promise<void> | undefined

interface PreparedParts {
  readonly key: string
  readonly samples: Prepared
  /** Of the images and labels. */
  readonly fingerprint: string
}

let prepared: PreparedParts | undefined

/** The parts of a seed as inputs of a network; the last ones are kept for the next job. */
async function samplesOf({ set, seed }: StudyPoint, name: string, network: Network) {
  const key = JSON.stringify([set, name, seed])
  if (prepared?.key === key) return prepared
  for (const { xs } of Object.values(prepared?.samples ?? {})) xs.dispose()
  prepared = undefined
  const parts = openSet(set).draw(seed)
  const samples = await network.prepare(parts)
  prepared = { key, samples, fingerprint: fingerprintOf(parts) }
  return prepared
}

/** Trains, prunes and measures at a point. */
export default async function job(
  point: StudyPoint,
  { signal, progress }: { signal?: AbortSignal; progress?: (share: number) => void } = {},
) {
  started ??= startWasm()
  await started
  const system = systems[point.system]
  if (!system) throw new RangeError(`Cannot run the study: there is no system ${point.system}`)
  const name = system.network ?? point.network
  const network = networks[name]
  if (!network) throw new RangeError(`Cannot run the study: there is no network ${name}`)
  const { samples, fingerprint } = await samplesOf(point, name, network)
  const model = await network.build(
    samples.train.xs.shape.slice(1) as [number, number, number],
    point.seed,
  )
  const schedule = system.network ? [1] : LEVELS[point.phase]
  let finished = 0
  try {
    const options = optionsOf(point, { system, network, samples })
    const key = denseKey({ point, system, network: name, fingerprint })
    const dense = await denseRound(DENSE_ROUNDS, key, async () => {
      const { rounds } = await prune(model, { ...options.dense, schedule: [1] })
      return rounds[0]!
    })
    const rounds = await roundsOf(
      prune(model, {
        ...options.pruned,
        ...{ schedule, dense },
        ...(signal && { signal }),
        onProgress: ({ kind }) => {
          if (kind === 'round-finished') progress?.(++finished / schedule.length)
        },
      }),
    )
    const levels: object[] = []
    for (const round of rounds) {
      applyTrained(model, round)
      const { repair } = system
      const level =
        repair && round !== rounds[0]
          ? await repaired(model, round, { repair, dense, samples, evaluate: options.evaluate })
          : round
      levels.push(await levelOf(model, level))
    }
    for (const density of schedule.slice(levels.length)) levels.push(chanceLevel(density))
    return { levels } as const
  } catch (error) {
    if (!/expected (a finite loss|finite weights)/.test((error as Error).message)) throw error
    return { levels: null, diverged: true } as const
  } finally {
    model.dispose()
  }
}

/** The rounds of a run; those before it, where a network is dead and no weight matters to it. */
async function roundsOf(run: Promise<{ readonly rounds: readonly Round[] }>) {
  try {
    return (await run).rounds
  } catch (error) {
    const isDead = /expected scores that differ/.test((error as Error).message)
    if (isDead && error instanceof PruningError) return (error as PruningError).rounds
    throw error
  }
}

interface Repairing {
  readonly repair: Repair
  readonly dense: Round
  readonly samples: Prepared
  readonly evaluate: Readonly<Record<'validation' | 'test', Evaluate>>
}

/** A round whose mask is put on the dense weights, and which is repaired then. */
async function repaired(model: LayersModel, round: Round, how: Repairing): Promise<Round> {
  const { repair, dense, samples, evaluate } = how
  applyTrained(model, dense)
  const start = performance.now()
  await repair(model, round.mask, samples.train)
  const training = (performance.now() - start) / 1000
  const [validation, test] = [await evaluate.validation(model), await evaluate.test(model)]
  const seconds = { ...round.seconds, training }
  return { ...round, seconds, evaluation: { ...validation, sets: { validation, test } } }
}

/** Figures of a model that has the weights of a round. */
async function levelOf(model: LayersModel, { density, evaluation, seconds }: Round) {
  const { dense, nonZero } = await multiplyAdds(model)
  return {
    density,
    ...measureLevel(evaluation, evaluation.sets?.test ?? evaluation),
    multiplyAdds: Number((nonZero / dense).toPrecision(4)),
    seconds: Number(seconds.training.toFixed(2)),
  }
}
