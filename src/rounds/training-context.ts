import type { Optimizer } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../internal/model-weights.js'
import { readWeights, type WeightValues } from '../internal/weight-values.js'
import type { Mask } from '../masks/mask.js'
import { type MaskedOptimizer, maskedOptimizer } from '../masks/masked-optimizer.js'
import { movementSums } from '../statistics/movement.js'
import type {
  Rewinder,
  TrainingContext,
  TrainingPoint,
  TrainingPosition,
  TrainingProgress,
} from '../types.js'
import { checkSlots, type OptimizerSlots, readSlots, writeSlots } from './optimizer-slots.js'
import type { Checkpoint } from './round.js'

/** What the context of a round is made of. */
export interface ContextSources {
  readonly model: LayersModel
  readonly mask: Mask
  /** What the optimizers hold at 0: the mask, and more perhaps. */
  readonly held: Mask
  readonly round: number
  readonly rewinder: Rewinder
  /** None in round 0. */
  readonly checkpoint: Checkpoint | undefined
  /** Optimizer state at the end of the previous round, where it was kept; none in round 0. */
  readonly previousOptimizer: OptimizerSlots | undefined
  /** Whether the criterion needs the movement of the weights. */
  readonly needsMovement: boolean
  readonly signal: AbortSignal | undefined
  readonly progress: (event: TrainingProgress) => void
}

/** The context of one round, and what it gathered while the round was trained. */
export interface OpenContext {
  readonly context: TrainingContext
  readonly gathered: { checkpoint: Checkpoint | undefined; optimizer: OptimizerSlots | undefined }
  /**
   * Reads the sums of - weight times gradient over the steps so far, where the criterion needs
   * them.
   */
  readonly readMovement: (() => Promise<WeightValues>) | undefined
  /** Frees the masks that `hold` made. */
  readonly close: () => void
}

/** Opens the context of a round. */
export function openContext(sources: ContextSources): OpenContext {
  const { model, mask, round, rewinder, previousOptimizer, signal, progress } = sources
  const held: MaskedOptimizer[] = []
  const gathered: OpenContext['gathered'] = { checkpoint: sources.checkpoint, optimizer: undefined }
  const names = new Set(mask.weights.map(({ name }) => name))
  const movement = sources.needsMovement
    ? movementSums(modelWeights(model).filter(({ name }) => names.has(name)))
    : undefined
  const hold = (optimizer: Optimizer) => {
    const wrapper = maskedOptimizer(model, optimizer, sources.held)
    held.push(wrapper)
    return movement ? movement.watch(wrapper) : wrapper
  }
  const checkpoint: TrainingContext['checkpoint'] = async ({ optimizer, ...at }) => {
    if (round !== 0 || gathered.checkpoint || !rewinder.capture || !isAt(at, rewinder.capture))
      return
    const position = { epoch: at.epoch ?? 0, step: at.step ?? 0, batch: at.batch ?? 0 }
    const slots =
      optimizer && rewinder.optimizer === 'rewound' ? { optimizer: await readSlots(optimizer) } : {}
    gathered.checkpoint = { position, weights: await readWeights(model), ...slots }
  }
  const slots = {
    fresh: undefined,
    rewound: sources.checkpoint?.optimizer,
    kept: previousOptimizer,
  }[rewinder.optimizer]
  const context: TrainingContext = {
    model,
    round,
    density: mask.density,
    hold,
    resumeAt: sources.checkpoint?.position ?? START,
    learningRate: round === 0 ? 'rewound' : rewinder.learningRate,
    dataOrder: round === 0 ? 'rewound' : rewinder.dataOrder,
    checkpoint,
    restoreOptimizer: async (optimizer) => {
      if (rewinder.optimizer !== 'fresh') await checkSlots(optimizer)
      if (slots) await writeSlots(optimizer, slots)
    },
    keepOptimizer: async (optimizer) => {
      if (rewinder.optimizer === 'kept') gathered.optimizer = await readSlots(optimizer)
    },
    progress,
    signal,
  }
  const close = () => {
    for (const wrapper of held) wrapper.release()
    movement?.dispose()
  }
  return { context, gathered, readMovement: movement?.read, close }
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
