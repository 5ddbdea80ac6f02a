import { askPiece } from '../internal/check-piece.js'
import type { ModelWeight } from '../internal/model-weights.js'
import { readValues, writeValues } from '../internal/weight-values.js'
import type { BoundWeight } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { task } from '../step/step-options.js'
import type { BatchProgress, Teacher, TrainingContext, TrainingProgress } from '../types.js'
import { checkCaptured, checkTraining } from './check-round.js'
import { packWeights, unpackWeights } from './packed-weights.js'
import type { Round } from './round.js'
import type { RoundPoint } from './round-point.js'
import type { OpenRun } from './run.js'
import { type KeptState, type OpenContext, openContext } from './training-context.js'

const TRAIN = { task, name: 'train', kind: 'a training function' } as const

interface RoundToTrain {
  readonly mask: Mask
  /** The weights of the mask, and those that the granularity adds. */
  readonly held: readonly BoundWeight[]
  readonly round: number
  readonly previous: Round | undefined
  /** The state within the round to go on from. */
  readonly point: RoundPoint | undefined
  /** The other parts of such a state, asked for when it is kept. */
  readonly known: () => Pick<RoundPoint, 'atMinimum' | 'seconds'>
}

interface TrainedRound {
  /** NaN if the training function gives none. */
  readonly trainingLoss: number
  readonly gathered: Pick<Round, 'checkpoint' | 'optimizer' | 'movement' | 'engine' | 'budgets'>
}

/** Trains a round by the caller's function, and gathers the state that the next ones need. */
export async function trainRound(run: OpenRun, own: RoundToTrain): Promise<TrainedRound> {
  const [dense] = run.finished
  const taught = dense && run.teaching?.teacher(() => unpackWeights(dense.trained, dense.mask))
  try {
    const opened = openRound(run, own, taught?.teacher)
    try {
      return await trainIn(opened, run, own)
    } finally {
      opened.close()
    }
  } finally {
    taught?.close()
  }
}

function openRound(run: OpenRun, own: RoundToTrain, teacher: Teacher | undefined): OpenContext {
  const { resolved, options, rewinder } = run
  const { mask, held, round, previous, point } = own
  const { needs = [], gather } = options.criterion
  const [dense] = run.finished
  const progress = (event: TrainingProgress | BatchProgress) =>
    options.onProgress?.(
      'batch' in event
        ? { kind: 'batch-finished', round, ...event }
        : { kind: 'epoch-finished', round, ...event },
    )
  return openContext({
    teacher,
    withDense: dense && lending(resolved.weights, dense),
    ...{ resolved, mask, held, round, rewinder, progress, signal: options.signal },
    checkpoint: point?.checkpoint ?? previous?.checkpoint,
    ...{ point, savePoint: saverOf(run, own) },
    previousOptimizer: previous?.optimizer,
    movement: gather?.movement?.(needs, resolved.prunable),
  })
}

async function trainIn(
  { context, gathered, readMovement, checkHandedOn }: OpenContext,
  { options, rewinder }: OpenRun,
  { round }: RoundToTrain,
): Promise<TrainedRound> {
  const result = (await askPiece(options.train, [context], TRAIN)) ?? {}
  checkTraining(result, round)
  options.signal?.throwIfAborted()
  const { checkpoint, optimizer } = gathered
  checkCaptured(rewinder, checkpoint)
  await checkHandedOn()
  const movement = await readMovement?.()
  return {
    trainingLoss: result.loss ?? Number.NaN,
    gathered: {
      ...(result.engine && { engine: result.engine }),
      ...(result.budgets && { budgets: result.budgets }),
      ...(checkpoint && { checkpoint }),
      ...(optimizer && { optimizer }),
      ...(movement && { movement }),
    },
  }
}

/** Keeps the state within the round in the store; undefined without one. */
function saverOf(
  { stored, options, resolved, schedule }: OpenRun,
  { mask, round, known }: RoundToTrain,
): ((kept: KeptState) => Promise<void>) | undefined {
  if (!stored || !options.train.keepsPoints) return undefined
  return async (kept) => {
    const trained = packWeights(await readValues(resolved.weights), mask)
    const density = schedule(round)
    await stored.savePoint({ ...{ round, density, mask, trained }, ...known(), ...kept })
  }
}

/** Lends the model the weights of the dense round, to one call at a time. */
function lending(weights: readonly ModelWeight[], dense: Round): TrainingContext['withDense'] {
  let isLent = false
  return async (work) => {
    if (isLent) {
      throw new Error(
        'Cannot lend the dense weights: expected one call of withDense at a time, ' +
          'got another while one is under way',
      )
    }
    isLent = true
    try {
      const own = await readValues(weights)
      try {
        writeValues(weights, unpackWeights(dense.trained, dense.mask))
        return await work()
      } finally {
        writeValues(weights, own)
      }
    } finally {
      isLent = false
    }
  }
}
