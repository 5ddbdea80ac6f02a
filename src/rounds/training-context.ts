import type { Optimizer } from '@tensorflow/tfjs-core'
import { readValues, type WeightValues } from '../internal/weight-values.js'
import type { BoundWeight } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { holdWeights, type MaskedOptimizer } from '../masks/masked-optimizer.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import type {
  BatchProgress,
  MovementSums,
  Rewinder,
  Teacher,
  TrainingContext,
  TrainingPoint,
  TrainingPosition,
  TrainingProgress,
} from '../types.js'
import { checkHandedOn, type Gathered } from './check-handed-on.js'
import { checkSlots, type OptimizerSlots, readSlots, writeSlots } from './optimizer-slots.js'
import { checkState, readState, writeState } from './optimizer-state.js'
import type { Checkpoint } from './round.js'
import type { RoundPoint } from './round-point.js'

/** The parts that the context of a round is made of. */
export interface ContextSources {
  readonly resolved: ResolvedModel
  readonly mask: Mask
  /** The weights whose pruned elements the optimizers hold at 0. */
  readonly held: readonly BoundWeight[]
  readonly round: number
  readonly rewinder: Rewinder
  /** None in round 0. */
  readonly checkpoint: Checkpoint | undefined
  /** Optimizer state at the end of the previous round, where it was kept; none in round 0. */
  readonly previousOptimizer: OptimizerSlots | undefined
  /** Sums of the movement of the weights, if the criterion needs them. */
  readonly movement: MovementSums | undefined
  readonly signal: AbortSignal | undefined
  readonly progress: (event: TrainingProgress | BatchProgress) => void
  /** None in round 0. */
  readonly teacher: Teacher | undefined
  /** None in round 0. */
  readonly withDense: TrainingContext['withDense']
  /** The state within the round to go on from. */
  readonly point: RoundPoint | undefined
  /** Keeps the state within the round; none without a store. */
  readonly savePoint: ((kept: KeptState) => Promise<void>) | undefined
}

/** The part of the state within a round that the context knows. */
export type KeptState = Pick<RoundPoint, 'training' | 'optimizer' | 'checkpoint' | 'movement'>

/** The context of one round, and the state that it gathers while the round is trained. */
export interface OpenContext {
  readonly context: TrainingContext
  readonly gathered: Gathered
  /**
   * Reads the sums of - weight times gradient over the steps so far, where the criterion needs
   * them.
   */
  readonly readMovement: (() => Promise<WeightValues>) | undefined
  /** Throws where the loop did not hand on the state of the optimizer, as the rewinder wants it. */
  readonly checkHandedOn: () => Promise<void>
  /** Frees the masks that `hold` made. */
  readonly close: () => void
}

/** Opens the context of a round. */
export function openContext(sources: ContextSources): OpenContext {
  const { resolved, mask, round, rewinder, movement, signal, progress, ...shown } = sources
  const wrappers: MaskedOptimizer[] = []
  const { checkpoint } = sources
  const gathered: Gathered = { checkpoint, optimizer: undefined, isRestored: false }
  try {
    if (sources.point?.movement) movement?.restore?.(sources.point.movement)
  } catch (error) {
    movement?.dispose()
    throw error
  }
  const hold = (optimizer: Optimizer) => {
    const wrapper = holdWeights(optimizer, sources.held)
    wrappers.push(wrapper)
    return movement ? movement.watch(wrapper) : wrapper
  }
  const context: TrainingContext = {
    ...{ model: resolved.model, round, density: mask.density, hold, progress, signal },
    ...{ teacher: shown.teacher, withDense: shown.withDense },
    resumeAt: sources.checkpoint?.position ?? START,
    learningRate: round === 0 ? 'rewound' : rewinder.learningRate,
    dataOrder: round === 0 ? 'rewound' : rewinder.dataOrder,
    checkpoint: capturing(sources, gathered),
    ...(round === 0 && rewinder.capture && { capture: rewinder.capture }),
    kept: new Map(sources.held.map(({ masked, weight }) => [weight.variable, masked.values])),
    isWatched: movement !== undefined,
    points: pointsOf(sources, gathered),
    ...keepingOptimizer(sources, gathered),
  }
  const close = () => {
    for (const wrapper of wrappers) wrapper.release()
    movement?.dispose()
  }
  const isGiven = sources.point !== undefined || slotsOf(sources) !== undefined
  return {
    ...{ context, gathered, readMovement: movement?.read, close },
    checkHandedOn: () => checkHandedOn(wrappers, { round, rewinder, isGiven, ...gathered }),
  }
}

/** Keeps the weights, and the optimizer's state, at the point that the rewinder names. */
function capturing(
  { resolved, round, rewinder }: ContextSources,
  gathered: Gathered,
): TrainingContext['checkpoint'] {
  return async ({ optimizer, ...at }) => {
    if (round !== 0 || gathered.checkpoint || !rewinder.capture || !isAt(at, rewinder.capture))
      return
    const position = { epoch: at.epoch ?? 0, step: at.step ?? 0, batch: at.batch ?? 0 }
    const slots =
      optimizer && rewinder.optimizer === 'rewound' ? { optimizer: await readSlots(optimizer) } : {}
    gathered.checkpoint = { position, weights: await readValues(resolved.weights), ...slots }
  }
}

/** Carries the optimizer's state from round to round, as the rewinder wants it. */
function keepingOptimizer(
  sources: ContextSources,
  gathered: Gathered,
): Pick<TrainingContext, 'restoreOptimizer' | 'keepOptimizer'> {
  const { rewinder, point } = sources
  const { optimizer: wanted } = rewinder
  const slots = slotsOf(sources)
  return {
    restoreOptimizer: async (optimizer) => {
      gathered.isRestored = true
      if (wanted !== 'fresh') await checkSlots(optimizer)
      if (point) await writeState(optimizer, point.optimizer)
      else if (slots) await writeSlots(optimizer, slots)
    },
    keepOptimizer: async (optimizer) => {
      if (wanted === 'kept') gathered.optimizer = await readSlots(optimizer)
    },
  }
}

/** The state that the rewinder gives the optimizer of the round. */
function slotsOf({
  rewinder,
  checkpoint,
  previousOptimizer,
}: ContextSources): OptimizerSlots | undefined {
  const from = { fresh: undefined, rewound: checkpoint?.optimizer, kept: previousOptimizer }
  return from[rewinder.optimizer]
}

/** Keeps the state within the round, and tells the one to go on from. */
function pointsOf(
  { point, savePoint, movement, round }: ContextSources,
  gathered: Gathered,
): TrainingContext['points'] {
  return (
    savePoint && {
      from: point?.training,
      check: (optimizer) => {
        checkState(optimizer)
        if (!movement || movement.restore) return
        const got = 'sums of a gather function of your own that has no restore'
        throw new RangeError(
          `Cannot keep the state within a round: expected movement that can be restored, got ${got}`,
        )
      },
      save: async (training, optimizer) => {
        const sums = await movement?.read()
        const { checkpoint } = round === 0 ? gathered : {}
        const state = await readState(optimizer)
        await savePoint({
          ...{ training, optimizer: state },
          ...(checkpoint && { checkpoint }),
          ...(sums && { movement: sums }),
        })
      },
    }
  )
}

const START: TrainingPosition = { epoch: 0, step: 0, batch: 0 }

/**
 * An epoch is reached between two epochs only: in the middle of one the same count of epochs is
 * finished.
 */
function isAt(
  { epoch, step, batch = 0 }: Partial<TrainingPosition>,
  point: TrainingPoint,
): boolean {
  return 'epoch' in point ? epoch === point.epoch && batch === 0 : step === point.step
}
