import { train as optimizers } from '@tensorflow/tfjs-core'
import { evaluateOn, type FitOptions, fit, type PruneOptions, paper } from 'tfjs-prune'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { averaged } from './averaged.js'
import type { Network, Samples } from './networks/network.js'
import { BATCH_SIZE } from './plan.js'
import type { Parts } from './sets/image-set.js'
import type { StudyPoint } from './study-point.js'
import type { System } from './systems/system.js'
import { ways } from './systems/ways.js'

/** Inputs and labels of each part. */
export type Prepared = Readonly<Record<keyof Parts, Samples>>

/** The pieces that a point names. */
export interface Pieces {
  readonly system: System
  readonly network: Network
  readonly samples: Prepared
}

/** Options of the dense round and of the run that is pruned, and how both are evaluated. */
export function optionsOf(point: StudyPoint, { system, network, samples }: Pieces) {
  const { seed, rate, epochs } = point
  const setting = { seed, takesImages: network.takesImages ?? true }
  const training: FitOptions = {
    optimizer: () => optimizers.momentum(rate, 0.9),
    epochs,
    batchSize: BATCH_SIZE,
    clipNorm: 5,
    seed,
    engine: sparseTraining(),
    ...ways[system.way]!(setting),
  }
  const make = system.averages ? averaged : fit
  const trained = make(samples.train, training)
  const onlyDense: PruneOptions['train'] = (context) =>
    context.round === 0 ? trained(context) : undefined
  const of = { positiveClass: 1 } as const
  const evaluate = {
    validation: evaluateOn(samples.validation, of),
    test: evaluateOn(samples.test, of),
  }
  const limits = [{ include: /kernel$/, minimumKept: 16 }]
  const dense: PruneOptions = {
    ...paper.settings(),
    train: trained,
    evaluate,
    select: { limits, ...(network.whole && { exclude: network.whole }) },
    ...(system.needsSamples && { samples: samples.train }),
  }
  const train = system.trainsOnlyDense ? onlyDense : trained
  return { evaluate, dense, pruned: { ...dense, train, ...system.pruning?.(setting) } }
}
