/** The contracts: the shapes of the pieces that users combine, replace and write themselves. */
import type {
  Optimizer,
  Scalar,
  Tensor,
  TensorContainer,
  TensorLike,
  Variable,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/** One number per class or sample: a typed array or a plain one. */
export type NumberArray = ArrayLike<number>

/** A weight's place in its model, and its shape. */
export interface WeightPlace {
  /** Layer path and role, e.g. `dense_1/kernel`; unique within the model. */
  readonly name: string
  /** Layer path, e.g. `dense_1`, or `encoder/dense_1` in a nested model. */
  readonly layer: string
  /** Last part of the weight's tfjs name, e.g. `kernel`, `bias`, `recurrent_kernel`. */
  readonly role: string
  /** The weight's shape. */
  readonly shape: readonly number[]
  /** Class name of the layer, e.g. `Dense`. */
  readonly className: string
}

// ---------------------------------------------------------------------------------------- criteria

/**
 * One weight as a {@link Criterion} sees it. The tensors belong to the caller: do not dispose
 * them.
 */
export interface ScoredWeight extends Pick<WeightPlace, 'name' | 'layer' | 'role'> {
  /** Axes whose places are the units that the weight makes. @default the last axis */
  readonly unitAxes?: readonly number[]
  /** Round whose mask is being made; 1 is the first round with fewer weights. */
  readonly round: number
  /** Values before training, W0: float32, the weight's shape. */
  readonly initial: Tensor
  /** Values after the training of the previous round: float32, the weight's shape. */
  readonly final: Tensor
  /** Previous mask, 1 = kept: float32, the weight's shape. Scores at zeros are ignored. */
  readonly mask: Tensor
  /** Gradient of the loss, mean over the samples: the weight's shape. */
  readonly gradient?: Tensor
  /** Square of a batch's gradient, mean over the samples of the batches: the weight's shape. */
  readonly squaredGradient?: Tensor
  /**
   * Square of the sum of weight times gradient over a unit (last axis), mean over the samples of the
   * batches:
   * `[1, ..., units]`.
   */
  readonly unitSaliency?: Tensor
  /**
   * Norm of the inputs that an element is multiplied with, over the samples and all places: 1 along
   * the axes on which it does not depend, so that it can be multiplied with the weight.
   */
  readonly inputNorm?: Tensor
  /**
   * Mean of x x^T over the samples and places, x the inputs of one output in the kernel's order:
   * `[inputs, inputs]`.
   */
  readonly inputProducts?: Tensor
  /**
   * Share of zeros among the outputs of each unit, over the samples and places: `[1, ..., units]`.
   */
  readonly zeroShare?: Tensor
  /** Scale gamma of the batch normalisation behind the layer: `[1, ..., units]`. */
  readonly batchNormScale?: Tensor
  /**
   * Derivative of the flow through the network of absolute weights for an input of ones: the
   * weight's shape.
   */
  readonly flow?: Tensor
  /** Sum over the steps of the previous round of - weight times gradient: the weight's shape. */
  readonly movement?: Tensor
  /** The weight with the statistics of one class's samples; there if the criterion needs them. */
  readonly ofClass?: (index: number) => ScoredWeight
}

/**
 * The statistics that a criterion may use beyond the weights. All but the last three come from
 * samples.
 */
export type Statistic =
  | 'gradient'
  | 'squaredGradient'
  | 'unitSaliency'
  | 'inputNorm'
  | 'inputProducts'
  | 'zeroShare'
  | 'batchNormScale'
  | 'flow'
  | 'movement'

/** A statistic of all samples, or of those of one class. */
export type Need = Statistic | { readonly statistic: Statistic; readonly class: number }

/** The inputs of a model with several, by their names and in any order. */
export type NamedInputs = Readonly<Record<string, Tensor | TensorLike>>

/**
 * Samples in memory; the caller's tensors stay the caller's, and live until the work has ended.
 * Numbers are finite; those of any dtype count alike, as the model takes them.
 */
export interface ArrayData {
  /**
   * Inputs with the samples along the first axis: a tensor, nested arrays, one tensor per model
   * input, or an object with one of these by the name of each input.
   */
  readonly xs: Tensor | readonly Tensor[] | TensorLike | NamedInputs
  /**
   * Labels: class indices `[n]` as an array or tensor, one-hot rows `[n, classes]`, or rows
   * `[n, labels]` of 0 and 1 where a sample may have several labels and something reads them so.
   */
  readonly ys: Tensor | NumberArray
}

/** One batch of a dataset. */
export interface Batch {
  /** Inputs as in {@link ArrayData}, in tensors. */
  readonly xs: Tensor | Tensor[] | Record<string, Tensor>
  /** Labels as in {@link ArrayData}, in a tensor. */
  readonly ys: Tensor
}

/**
 * Batches `{ xs, ys }` of tensors, such as `tf.data.zip({ xs, ys }).batch(32)`. They are read one
 * after the other, and each is disposed after use. One reading may take 100,000 batches where the
 * dataset does not tell its `size`, and any number where it does; an endless one is refused, but by
 * `fit` with `stepsPerEpoch`.
 */
export interface DatasetData {
  /** Starts one reading; every reading gives the same samples. */
  readonly iterator: () => Promise<{
    next: () => Promise<IteratorResult<Batch | TensorContainer, unknown>>
  }>
  /** Number of batches; Infinity for an endless dataset. @default not known */
  readonly size?: number | null
}

/** Samples in memory, or a dataset. */
export type SampleData = ArrayData | DatasetData

/**
 * Samples that a criterion's statistics are gathered from, in inference. Those in memory are never
 * disposed. A dataset is read once for its labels, and once for each class that statistics are
 * needed of; its batches, or the samples of the class in each, are the passes. Beside a dataset,
 * `loss` and `label` stand next to its iterator: `{ iterator: () => dataset.iterator(), loss }`.
 */
export type ScoringSamples = SampleData & ScoringSettings

/** Settings beside the samples that a criterion's statistics are gathered from. */
export interface ScoringSettings {
  /** The loss whose gradients count. @default weightedCrossentropy(), of `label` if that is given */
  readonly loss?: Loss
  /**
   * Column of labels `[n, labels]` of 0 and 1, if a sample may have several: its 0 and 1 are the
   * classes. @default a sample has one class
   */
  readonly label?: number
  /**
   * Samples a pass, for data in memory; 1 makes squared gradients those of single samples.
   * @default 32, or those that the model's `batchInputShape` fixes
   */
  readonly batchSize?: number
}

/** How far the gathering of statistics is. */
export interface GatheringProgress {
  /** Samples seen so far; each counts once for every class that statistics are needed of. */
  readonly samples: number
  readonly of: number
}

/** The statistics that are wanted, and the data that they come from. */
export interface Gathering {
  readonly needs: readonly Need[]
  /** Names of the weights, e.g. `dense_1/kernel`. */
  readonly weights: readonly string[]
  readonly samples?: ScoringSamples | undefined
  /** Sums of - weight times gradient over a training, by the weight's name. */
  readonly movement?: Readonly<Record<string, NumberArray>> | undefined
  /** Called as samples are seen. */
  readonly onProgress?: ((progress: GatheringProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Statistics of a model's weights; they live until `dispose`. */
export interface GatheredStatistics {
  /** Those of one weight, of all samples or of one class. */
  readonly of: (
    weight: string,
    classIndex: number | undefined,
  ) => Partial<Record<Statistic, Tensor>>
  /** Disposes all tensors of the statistics. */
  readonly dispose: () => void
}

/** Sums of - weight times gradient over the steps of a training. */
export interface MovementSums {
  /** Wraps an optimizer: before each step its gradients are taken into account. */
  readonly watch: (optimizer: Optimizer) => Optimizer
  /** The sums on the host, by weight name. */
  readonly read: () => Promise<Record<string, Float32Array>>
  /** Goes on from sums that were read before. Left out: the state within a round cannot be kept. */
  readonly restore?: (sums: Readonly<Record<string, NumberArray>>) => void
  /** Disposes the sums; called once, at the end. */
  readonly dispose: () => void
}

/** A weight by its name, and the variable that holds it. */
export interface NamedVariable {
  readonly name: string
  readonly variable: Variable
}

/**
 * Gathers statistics of a model as it is, in one pass over the samples per class. The members do
 * all else that only statistics ask of a run; a function without them answers for its statistics by
 * itself, from the first pruned round on.
 */
export interface Gather {
  (model: LayersModel, gathering: Gathering): Promise<GatheredStatistics>
  /** Throws unless the samples are there that the needs ask for, and fit the model. */
  readonly check?: (
    model: LayersModel,
    gathering: Pick<Gathering, 'needs' | 'samples'>,
  ) => void | Promise<void>
  /**
   * Statistics of ones, or of minus ones where they may be negative, of the shapes that a weight of
   * this shape has: to try a criterion before anything is gathered.
   */
  readonly examples?: (
    needs: readonly Need[],
    shape: readonly number[],
  ) => Partial<Record<Statistic, Tensor>>
  /** Starts sums at 0 for these weights, if the needs ask for movement. */
  readonly movement?: (
    needs: readonly Need[],
    weights: readonly NamedVariable[],
  ) => MovementSums | undefined
}

/**
 * Scores every element of a weight; the highest stay. Returns a float32 tensor of the weight's
 * shape with finite values, which the library disposes. Runs inside `tf.tidy`.
 */
export interface Criterion {
  (weight: ScoredWeight): Tensor
  /** The options that it was made with, for reports, e.g. `{ damping: 0.01 }`. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Statistics that it looks at. Left out: weights alone. */
  readonly needs?: readonly Need[]
  /**
   * Gathers the statistics in `needs`; a criterion that has needs must carry it. `needing` sets it,
   * and `Object.assign(own, needing([]).gather)` gives a function of your own its members. It is a
   * part of the criterion so that a page which prunes by weights alone loads none of it.
   */
  readonly gather?: Gather
  /**
   * Weights that the statistics are gathered with: the trained ones, or those before training.
   * @default 'trained'
   */
  readonly at?: 'trained' | 'initial'
  /**
   * New values of a weight that make up for newly pruned elements, called with the scored weight
   * and that mask (1 = kept, float32); pruned places are set to 0 afterwards. Left out: the values
   * stay as they are.
   */
  readonly compensate?: (weight: ScoredWeight, kept: Tensor) => Tensor
  /**
   * Steps in which a round's density is reached, the statistics gathered anew in each. @default 1
   */
  readonly steps?: number
  /**
   * Whether a weight that is NaN or infinite always has a score that is: weights are then not read
   * to look for it, which takes as long as the selection. @default false
   */
  readonly showsNonFinite?: boolean
  /**
   * The criterion of the next round, from the finished ones, the dense one first: a run asks it
   * before each step. The answer needs the same statistics; the criterion itself is that of a step
   * without rounds. @default the same in all rounds
   */
  readonly forRound?: (rounds: readonly RoundReport[]) => Criterion
}

// -------------------------------------------------------------------------------------- allocation

/** One weight as an {@link Allocator} sees it. */
export interface AllocationRequest
  extends Pick<WeightPlace, 'name' | 'layer' | 'shape'>,
    Partial<Pick<WeightPlace, 'role' | 'className'>> {
  /** Number of elements, or of groups where a granularity makes some, pruned ones included. */
  readonly size: number
  /** Elements that the previous mask keeps; the answer must not exceed it. */
  readonly kept: number
  /** Least number of elements to keep, at least 1 and at most `kept`. */
  readonly minimumKept: number
  /** Largest number of elements to keep, at most `kept`. */
  readonly maximumKept: number
  /** The criterion's scores in flat (row-major) order; meaningless where `mask` is 0. */
  readonly scores: Float32Array
  /** Previous mask in flat order, 1 = kept. */
  readonly mask: Uint8Array
}

/**
 * Says how many elements of each weight stay, in the order of `weights`, so that `density` in (0,
 * 1] is met.
 */
export interface Allocator {
  (weights: readonly AllocationRequest[], density: number): readonly number[]
  /** The criterion of a step or run that names none, where the scores have to be of one kind. */
  readonly criterion?: Criterion
}

// --------------------------------------------------------------------------------------- schedules

/** Density in (0, 1] that each round trains at; round 0 is the dense network. */
export interface Schedule {
  (round: number): number
  /** Number of rounds, the dense one included; left out when the schedule goes on for ever. */
  readonly rounds?: number
}

// --------------------------------------------------------------------------------------- rewinding

/**
 * A moment of a round's training, counted in finished epochs or in finished steps (optimizer
 * updates).
 */
export type TrainingPoint = { readonly epoch: number } | { readonly step: number }

/**
 * One weight as a {@link Rewinder} sees it. The tensors belong to the caller: do not dispose
 * them.
 */
export interface RewoundWeight extends Pick<WeightPlace, 'name'> {
  /** Round that is about to be trained. */
  readonly round: number
  /** Values before training, W0. */
  readonly initial: Tensor
  /** Values at the rewinder's `capture` point of round 0; W0 where it names none. */
  readonly captured: Tensor
  /** Values at the end of the previous round's training. */
  readonly trained: Tensor
  /** Draws fresh values from the layer's own initializer; the caller disposes them. */
  readonly draw: (seed: number) => Tensor
}

/**
 * Says where the weights that survive a pruning step restart, and which other state restarts with
 * them.
 */
export interface Rewinder {
  /** Name for reports, e.g. `rewindToInitial`. */
  readonly name: string
  /** Point of round 0 to remember; left out, that is W0. */
  readonly capture?: TrainingPoint
  /**
   * Values of a trainable weight at the start of the next round; pruned elements are set to 0
   * afterwards.
   */
  readonly weights: (weight: RewoundWeight) => Tensor
  /** Weights that are not trained, such as the moving statistics of batch normalisation. */
  readonly statistics: 'rewound' | 'kept'
  /**
   * Slots of the optimizer: a new optimizer, those of the capture point, or those of the previous
   * round's end.
   */
  readonly optimizer: 'fresh' | 'rewound' | 'kept'
  /** The learning-rate schedule starts again at the capture point, or stays at its last value. */
  readonly learningRate: 'rewound' | 'last'
  /** The batches come in the same order again, or the order goes on. */
  readonly dataOrder: 'rewound' | 'continued'
}

// ------------------------------------------------------------------------------------------ losses

/**
 * A training loss over one batch, for `model.compile({ loss })` and for any own loop.
 *
 * `yTrue` holds one-hot rows `[n, classes]`, or class indices `[n]` or `[n, 1]`, in float32, int32
 * or bool; `yPred` is float32 `[n, classes]`, or `[n, 1]` or `[n]` with two classes. Returns a
 * float32 scalar.
 */
export interface Loss {
  (yTrue: Tensor, yPred: Tensor): Scalar
  /**
   * The options that it was made with, for reports and error messages, e.g.
   * `{ gamma: 5, lambda: 5 }`.
   */
  readonly settings?: Readonly<Record<string, unknown>>
  /**
   * The same loss for a known kind of `yPred`. A loss whose `output` is `'auto'` has it; called by
   * itself it takes logits. `fit`, the statistics of criteria and `lossFor` bind such a loss
   * to the outputs of the model. A loss without it is taken as it is.
   */
  readonly forOutput?: (output: 'logits' | 'probabilities') => Loss
  /**
   * The same loss of rows in plain arrays, with its gradient by `yPred`: an engine then trains
   * without a tensor. Takes the same shapes and throws the same errors.
   *
   * @default the loss itself is asked
   */
  readonly onRows?: (yTrue: Rows, yPred: Rows) => Cost
}

/** Numbers in row-major order, and their shape, the samples first. */
export interface Rows {
  readonly values: Float32Array
  readonly shape: number[]
}

/** The loss of a batch, and its gradient by each of the outputs, in their order. */
export interface Cost {
  readonly value: number
  readonly gradient: Float32Array
}

/** A loss that changes from round to round, or from epoch to epoch. */
export interface LossSchedule {
  /**
   * The loss of one round; round 0 trains the dense network. With `atEpoch`, that of its first
   * epoch.
   */
  readonly atRound: (round: number) => Loss
  /** The loss of one epoch, counted from 0, of a round; left out when a round has one loss. */
  readonly atEpoch?: (epoch: number, round: number) => Loss
}

/** How a budget on misses stands: plain data. */
export interface BudgetFeasibility {
  /** Class of the budget. */
  readonly positiveClass: number
  /**
   * `'met'`: the rate that was measured last is within the limit. `'infeasible'`: it is not, and
   * came no nearer for as many updates as the budget has patience. `'open'`: it is not yet.
   * `'unmeasured'`: no rate, or none of the dense network, is known.
   */
  readonly state: 'unmeasured' | 'met' | 'open' | 'infeasible'
  /** The false-negative rate allowed; left out while it is not known. */
  readonly limit?: number
  /** The rate that was measured last. */
  readonly rate?: number
  /** The rate of the dense network on the same samples. */
  readonly dense?: number
  /** The multiplier of the class now. */
  readonly multiplier: number
  /** All of it in words; names a limit that lies below the dense network's rate. */
  readonly reason: string
}

// -------------------------------------------------------------------------------------- evaluation

/** Counts of a two-sided decision: one class is positive, all others are negative. */
export interface Confusion {
  readonly truePositives: number
  readonly falseNegatives: number
  readonly falsePositives: number
  readonly trueNegatives: number
}

/** The results of a model on one set of samples. */
export interface Evaluation {
  readonly confusion: Confusion
  /** FN / (FN + TP); NaN without positives. */
  readonly falseNegativeRate: number
  /** FP / (FP + TN); NaN without negatives. */
  readonly falsePositiveRate: number
  /** (TP + TN) / n. */
  readonly accuracy: number
  /** Area under the ROC curve, mid-ranks for ties; NaN when a side is empty. */
  readonly auc: number
  /** Mean cross-entropy of the class probabilities in nats, without class weights. */
  readonly loss: number
  /** Score of the positive class per sample (log-odds), in the order of the labels. */
  readonly scores?: Float64Array
  /** Class index of each sample. */
  readonly labels?: Int32Array
  /** Class that the model says for each sample, its threshold applied. */
  readonly predictions?: Int32Array
  /** Class that counts as positive in all of the above. */
  readonly positiveClass?: number
  /**
   * Misses at false-positive rates fixed beforehand, in the order in which they were asked for:
   * the numbers to compare networks by, whose own boundaries differ in false alarms.
   */
  readonly atFalsePositiveRates?: readonly MissesAtRate[]
  /** Column of a head with several labels a sample, if all of the above is about one of them. */
  readonly label?: number
  /** Who ran the model, where an engine was handed in. */
  readonly engine?: EngineUsed
  /**
   * Two-sided 95 % intervals: exact for the rates; for the area DeLong's, or where
   * min(n+, n-) min(AUC, 1 - AUC) < 10, as with few positives or a high area, that of
   * `aucScoreInterval`. NaN bounds where a rate is undefined.
   */
  readonly intervals?: {
    readonly falseNegativeRate: Interval
    readonly falsePositiveRate: Interval
    readonly auc: Interval
  }
  /** Name of the set that all of the above is about, where there are several. */
  readonly set?: string
  /** The evaluations of the other sets, by their names. */
  readonly sets?: Readonly<Record<string, Evaluation>>
}

/**
 * The misses where a threshold takes a fixed share of the negatives for positives, as
 * `falseNegativeRateAt` of `tfjs-prune/metrics` defines it: plain data.
 */
export interface MissesAtRate {
  /** The share of the negatives, in [0, 1). */
  readonly falsePositiveRate: number
  /** Missed positives; not whole where the rate cuts a tie. NaN without negatives. */
  readonly falseNegatives: number
  /** Their share of the positives; NaN without positives or negatives. */
  readonly falseNegativeRate: number
  /**
   * The lowest score, in log-odds, with no more false positives than the rate allows, as
   * `thresholdForFalsePositiveRate` gives it: samples are predicted positive from it on, as with
   * `evaluateOn`'s `threshold: { logOdds }`. Null where no score is one, or without negatives.
   */
  readonly threshold: number | null
}

/** Runs models in place of tfjs, such as `sparseEngine` of `tfjs-prune/sparse`. */
export interface Engine {
  /**
   * Prepares to run a model with the weights that it has now. The caller disposes the outcome.
   *
   * @param model The model, which is read and not changed.
   * @param host The name of the tfjs backend that would run the model otherwise.
   */
  readonly open: (model: LayersModel, host: { readonly backend: string }) => Promise<OpenEngine>
}

/** A model that is ready to run. */
export interface OpenEngine {
  /** Who runs the model, for the evaluation. */
  readonly used: EngineUsed
  /**
   * The outputs for a batch of inputs `[n, ...shape]`, one row a sample, in flat order; it disposes
   * no input. Left out where tfjs runs the model.
   */
  readonly predict?: (inputs: readonly Tensor[]) => Promise<Float32Array>
  /** Frees what it holds. */
  readonly dispose: () => void
}

/** Trains models in place of tfjs, such as `sparseTraining` of `tfjs-prune/sparse/training`. */
export interface TrainingEngine {
  /**
   * Prepares to train a model with the weights that it has now. The caller disposes the outcome.
   */
  readonly openTraining: (model: LayersModel, facts: TrainingFacts) => Promise<OpenTraining>
}

/** Facts about the training of a round, for an engine. */
export interface TrainingFacts {
  /** The name of the tfjs backend that would train the model otherwise. */
  readonly backend: string
  /** The elements that are trained, 1, and those that stay 0, by the weight's variable. */
  readonly kept: ReadonlyMap<Variable, Uint8Array>
  /** The caller's optimizer, whose rate may change from step to step. */
  readonly optimizer: Optimizer
  /** Largest global norm of a step's gradients. */
  readonly clipNorm: number | undefined
  /** The criterion looks at the gradients of each step. */
  readonly isWatched: boolean
}

/** A model that is ready to be trained. */
export interface OpenTraining {
  /** Who trains the model, for the report of the round. */
  readonly used: EngineUsed
  /** Left out where tfjs trains the model. */
  readonly work?: {
    /**
     * One step on the inputs of a batch, in row-major order; `costOf` gives the cost of the outputs
     * `[n, ...shape]`. Returns the cost before the step.
     */
    readonly step: (inputs: readonly Float32Array[], costOf: (outputs: Rows) => Cost) => number
    /** Takes weights over that others have changed in the model. */
    readonly load: () => void
    /** Writes weights to the model and slots to the optimizer. */
    readonly save: () => Promise<void>
  }
  /** Frees what it holds. */
  readonly dispose: () => void
}

/** Who ran a model, and the reason: plain data. */
export interface EngineUsed {
  /** `tfjs`, or the name of the engine, such as `sparse`. */
  readonly name: string
  /** Why it and no other, in words, e.g. `12 % of the multiply-adds are left`. */
  readonly why: string
}

/** A confidence interval. */
export interface Interval {
  readonly lower: number
  readonly upper: number
}

/**
 * Measures the model as it stands, and leaves its weights so. `E` is the {@link Evaluation} of a
 * classifier, or any object with a number to watch, such as `{ meanSquaredError: 0.1 }`: plain data.
 */
export interface Evaluate<E = Evaluation> {
  /** `signal` is that of the run: a long evaluation may throw its reason between two batches. */
  (model: LayersModel, context?: { readonly signal?: AbortSignal | undefined }): E | Promise<E>
  /**
   * Throws if the model cannot be measured, such as for samples that do not fit; asked before any
   * weight changes. An evaluation that it returns, of a few samples, shows whether the stopping rule
   * finds its numbers. Left out, the model is measured once before it is trained.
   */
  readonly check?: (model: LayersModel) => E | void | Promise<E | void>
}

/** An evaluation for each of several sets, by their names; rules look at the first. */
export type EvaluateSets<E = Evaluation> = Readonly<Record<string, Evaluate<E>>>

// ---------------------------------------------------------------------------------------- training

/** A place in a round's training. */
export interface TrainingPosition {
  /** Finished epochs of the whole schedule. */
  readonly epoch: number
  /** Finished steps (optimizer updates) of the whole schedule. */
  readonly step: number
  /** Finished batches of the epoch under way. */
  readonly batch: number
}

/** The state of a training between two epochs, beside the weights and the optimizer. */
export interface TrainingState {
  /** Finished epochs and steps of the whole schedule. */
  readonly position: TrainingPosition
  /** Plain data of the training function, such as its best epoch so far; typed arrays are kept. */
  readonly own?: unknown
}

/** Keeps the state within a round, in a run with a store. */
export interface TrainingPoints {
  /**
   * The state that the round goes on from: the model has its weights, and `restoreOptimizer` gives
   * its slots. Undefined at the start of a round.
   */
  readonly from: TrainingState | undefined
  /**
   * Throws unless all that an optimizer carries from step to step can be kept; to be asked before the
   * first step.
   */
  readonly check: (optimizer: Optimizer) => void
  /** Keeps weights, optimizer and state, in place of the point before. To be called between epochs. */
  readonly save: (state: TrainingState, optimizer: Optimizer) => Promise<void>
}

/** The outputs that a {@link Teacher} speaks of. */
export interface TaughtOutputs {
  /** The model's outputs: raw scores, or those of a sigmoid or softmax. @default as it says */
  readonly output?: 'logits' | 'probabilities' | undefined
  /**
   * A column that is a label of its own, or `'all'` columns. @default the outputs are one choice
   * among classes
   */
  readonly label?: number | 'all' | undefined
}

/** One batch of a network that learns from a {@link Teacher}. */
export interface TaughtBatch {
  /** The caller's own loss of the batch. */
  readonly cost: Scalar
  /** The model's outputs for the batch. */
  readonly outputs: Tensor | readonly Tensor[]
  /** The teacher's logits for the same batch, or the batch's rows of all logits. */
  readonly logits: Tensor | readonly Tensor[] | undefined
}

/**
 * A trained network from which the model learns beside the labels: in a run with `teach`, from
 * round 1 on. `fit` asks it by itself; own loops ask it, and `learnFrom` makes their loss.
 */
export interface Teacher {
  /** Share of the teacher in the loss, in (0, 1]; the labels have the rest. */
  readonly weight: number
  /** Divisor of the logits of teacher and model, finite and above 0. */
  readonly temperature: number
  /**
   * Its logits for a batch, in inference: a float32 tensor `[n, classes]` for each output of the
   * model, which the caller disposes. One output z has the logits 0 and z; several labels have
   * these in turn, `[n, 2 labels]`. The model's weights, its statistics and the optimizer stay as
   * they are. To be called before `minimize`, not in its function, and while the round is trained.
   * Throws a RangeError for a stateful model.
   */
  readonly logits: (xs: Tensor | Tensor[]) => Tensor[]
  /**
   * Its logits for all samples in memory, row after row, of a model with one output. They are asked
   * for once in a run and kept for the object `data`: not to be changed. Throws the signal's reason
   * between two batches, and a RangeError where a logit is not finite.
   */
  readonly allLogits: (
    data: Pick<ArrayData, 'xs'>,
    context?: { readonly signal?: AbortSignal | undefined },
  ) => Promise<Float32Array>
  /** The loss of a batch with the teacher's part; see `learnFrom`. */
  readonly blend: (batch: TaughtBatch) => Scalar
}

/** The part of a run that a {@link Teaching} sees. */
export interface TaughtRun {
  /** The model that learns. */
  readonly model: LayersModel
  /** All its weights. */
  readonly weights: readonly NamedVariable[]
  /** Tells the outputs that the training reads, from those that the caller told. */
  readonly outputs: (asked: TaughtOutputs) => TaughtOutputs
}

/** Says from which network the rounds of a run learn: `denseTeacher()` or `modelTeacher(model)`. */
export interface Teaching {
  /** Begins a run. Throws unless the model can be taught; asked before any weight changes. */
  readonly open: (run: TaughtRun) => OpenTeaching | Promise<OpenTeaching>
}

/** The teaching of one run. */
export interface OpenTeaching {
  /** Its settings in words: `resume` refuses rounds of others. */
  readonly description: string
  /**
   * The teacher of one round after the first, undefined if it has no say. `dense` gives the trained
   * weights of round 0.
   */
  readonly teacher: (
    dense: () => Readonly<Record<string, Float32Array | Int32Array | Uint8Array>>,
  ) => OpenTeacher | undefined
}

/** The teacher of one round. */
export interface OpenTeacher {
  readonly teacher: Teacher
  /** Frees the tensors that the teacher holds, at the end of the round. */
  readonly close: () => void
}

/** The input of a caller's own training code at each round. */
export interface TrainingContext {
  /** The caller's model: the weights of this round, pruned ones at 0. */
  readonly model: LayersModel
  /** Round to train; 0 is the dense network. */
  readonly round: number
  /** Density over the prunable weights, in (0, 1]. */
  readonly density: number
  /**
   * Wraps an optimizer so that pruned weights stay 0; the tensors of the wrapper are disposed after
   * the round.
   */
  readonly hold: (optimizer: Optimizer) => Optimizer
  /** Where the learning-rate schedule and the batches of this round begin. */
  readonly resumeAt: TrainingPosition
  /** The learning-rate schedule runs from `resumeAt`, or stays at its last value. */
  readonly learningRate: 'rewound' | 'last'
  /** The batches come in the order of round 0 again, or the order goes on from round to round. */
  readonly dataOrder: 'rewound' | 'continued'
  /**
   * To be called after each epoch or step when the rewinder captures one; cheap otherwise. Counts
   * are those of finished epochs and steps in the whole schedule.
   */
  readonly checkpoint: (
    at: Partial<TrainingPosition> & { readonly optimizer?: Optimizer },
  ) => Promise<void>
  /**
   * Gives a new optimizer the slots that the rewinder asks for; does nothing when it asks for fresh
   * ones.
   */
  readonly restoreOptimizer: (optimizer: Optimizer) => Promise<void>
  /**
   * To be called at the end of a round when the rewinder keeps optimizer slots; cheap otherwise.
   */
  readonly keepOptimizer: (optimizer: Optimizer) => Promise<void>
  /** Tells the caller's `onProgress` how far the round is, after an epoch or a batch. */
  readonly progress: (event: TrainingProgress | BatchProgress) => void
  /** The caller's signal; long loops should look at it. */
  readonly signal: AbortSignal | undefined
  /** The network to learn from beside the labels, from round 1 on; undefined without `teach`. */
  readonly teacher?: Teacher | undefined
  /**
   * Does work while the model has the trained weights of round 0, and gives it its own back; from
   * round 1 on. To be called before the first step.
   */
  readonly withDense?: (<T>(work: () => Promise<T>) => Promise<T>) | undefined
  /** Elements that are kept, 1, and those that stay 0, by the weight's variable. */
  readonly kept?: ReadonlyMap<Variable, Uint8Array>
  /** The point that `checkpoint` captures in this round; none where it captures nothing. */
  readonly capture?: TrainingPoint | undefined
  /** The criterion looks at the gradients of each step of a held optimizer. @default false */
  readonly isWatched?: boolean
  /** Where a run has a store, for a training function that says `keepsPoints`. */
  readonly points?: TrainingPoints | undefined
}

/** One batch in training, as an {@link Augment} takes it and returns it. */
export interface TrainingBatch {
  /**
   * Inputs in the order and the dtypes of the model, one for most models; the samples are along the
   * first axis.
   */
  readonly xs: readonly Tensor[]
  /** Labels of the samples, as the data hold them. */
  readonly ys: Tensor
}

/** Place of a batch in a training. */
export interface AugmentContext {
  /**
   * Epoch, from 0, as the sampler counts: from round to round again, or on where the rewinder lets
   * the order of the data go on.
   */
  readonly epoch: number
  /** Batch of the epoch, from 0. */
  readonly batch: number
  /** Start of all that is random, in [0, 2^32): another one for each function, epoch and batch. */
  readonly seed: number
}

/**
 * Changes the batches that a model is trained on, for `augment` of `fit`. Sample i stays sample i,
 * and each tensor keeps its shape and dtype. The same batch and context give the same bits. Runs
 * inside `tf.tidy`, and is no async function; do not dispose the tensors that it is given.
 */
export interface Augment {
  (batch: TrainingBatch, context: AugmentContext): TrainingBatch
  /** Its name and options as plain data: `resume` refuses rounds of others. */
  readonly settings?: Readonly<Record<string, unknown>>
}

/** How far the training of a round is. */
export interface TrainingProgress {
  /** Finished epochs of this round. */
  readonly epoch: number
  /** Epochs that this round will take. */
  readonly epochs: number
  /** Mean training loss of the last finished epoch, the teacher's part included. */
  readonly loss: number
}

/** How far an epoch of a round is. */
export interface BatchProgress {
  /** Finished epochs of this round. */
  readonly epoch: number
  /** Epochs that this round will take. */
  readonly epochs: number
  /** Finished batches of the epoch under way. */
  readonly batch: number
  /** All batches of the epoch; undefined in an epoch that must be read to be counted. */
  readonly batches: number | undefined
  /**
   * Loss of the batch. Left out where it lies on a device and nobody has read it, as that costs:
   * `fit` tells it with an engine, and for callbacks with `onBatchEnd`.
   */
  readonly loss?: number
}

/** The answer of a training function about its round. */
export interface TrainingResult {
  /** Training loss at the end of the round. */
  readonly loss?: number
  /** Epoch whose weights the model now holds. */
  readonly epoch?: number
  /** Who trained the model, where an engine was handed in. */
  readonly engine?: EngineUsed
  /** How the budgets on misses stand, where the loss has some. */
  readonly budgets?: readonly BudgetFeasibility[]
}

/** Trains the model of one round in place. */
export interface Train {
  (context: TrainingContext): Promise<TrainingResult | void> | TrainingResult | void
  /**
   * Throws if round 0 cannot pass the point that the rewinder captures; asked before any weight
   * changes.
   */
  readonly checkCapture?: (capture: TrainingPoint, model: LayersModel) => void
  /**
   * Throws unless a teacher can take part; asked before any weight changes, with the outputs that
   * the caller told. Answers with those that the loss of round 1 reads.
   */
  readonly checkTeaching?: (model: LayersModel, asked: TaughtOutputs) => TaughtOutputs
  /** The options that it was made with, as plain data: `resume` refuses rounds of others. */
  readonly settings?: Readonly<Record<string, unknown>>
  /**
   * It goes on from `points.from` where the context has it. Others begin a round anew.
   * @default false
   */
  readonly keepsPoints?: boolean
}

// ---------------------------------------------------------------------------------------- stopping

/** Counts of one layer's weight under a mask. */
export interface WeightStatistics extends Pick<WeightPlace, 'name'> {
  readonly size: number
  readonly kept: number
  /** kept / size. */
  readonly density: number
}

/** A pruned kernel that is left with hardly a connection for each of its outputs. */
export interface StarvedKernel extends Pick<WeightPlace, 'name'> {
  /** Elements that stay. */
  readonly kept: number
  /** Outputs that the kernel makes: neurons, filters, recurrent cells with all their gates. */
  readonly units: number
  /** kept / units, below 2. */
  readonly perUnit: number
}

/** How often a round's network recognises a class. */
export interface RoundRecall {
  /** Its index. */
  readonly class: number
  /** Number of its samples, at least 1. */
  readonly samples: number
  /** Share of them that the network recognises. */
  readonly recall: number
}

/** The ledger entry of one finished round: plain data. */
export interface RoundReport<E = Evaluation> {
  /** 0 is the dense network. */
  readonly round: number
  /** Kept share of the prunable weights. */
  readonly density: number
  /** Kept share of all parameters of the model, those that are never pruned included. */
  readonly densityOverAll: number
  /** Kept prunable weights. */
  readonly kept: number
  /** Per weight: size, kept, density. */
  readonly weights: readonly WeightStatistics[]
  /**
   * Names of weights that keep the least number of elements that they may: a round prunes them no
   * further.
   */
  readonly atMinimum?: readonly string[]
  /** Names of the kernels that were left whole as ends of the model: `spareEnds`. */
  readonly spared?: readonly string[]
  /** Pruned kernels that keep fewer than 2 elements a unit; left out where there are none. */
  readonly starved?: readonly StarvedKernel[]
  /** The options of the criterion that pruned the round, where it tells them. */
  readonly criterion?: Readonly<Record<string, unknown>>
  readonly evaluation: E
  /**
   * Why the network counts as collapsed, in words: it never calls a sample one of the classes, such
   * as one that calls all of them the other, or its AUC is 0.5 or below. Left out where it is not.
   */
  readonly collapsed?: string
  /**
   * Recall of each class with samples, by ascending index; left out where the evaluation holds no
   * labels and predictions.
   */
  readonly recalls?: readonly RoundRecall[]
  /** The class of the lowest recall, the first of several; goes with `recalls`. */
  readonly worstClass?: RoundRecall
  /**
   * Training loss at the end of the round, with `teach` the teacher's part included; NaN when the
   * training function told none.
   */
  readonly trainingLoss: number
  /** Who trained the round, where `fit` had an engine. */
  readonly engine?: EngineUsed
  /** How the budgets on misses stood at the end of the training, where `fit` had some. */
  readonly budgets?: readonly BudgetFeasibility[]
  readonly seconds: {
    readonly training: number
    readonly scoring: number
    readonly evaluation: number
  }
}

/** The decision of a {@link StoppingRule} after a round. */
export interface StoppingDecision {
  /** No further round is needed. */
  readonly stop: boolean
  /** Why `keep` is kept, or why no round is, in words with the numbers. */
  readonly reason: string
  /** Why the rule stops or goes on after the last round, in words. @default `reason` */
  readonly latest?: string
  /** Index of the round to keep; `undefined` when no finished round meets the rule. */
  readonly keep: number | undefined
  /** Indices of all rounds that meet the rule; left out when it accepts every round. */
  readonly feasible?: readonly number[]
}

/**
 * Looks at the finished rounds, the dense one first. It is called after each round. Before
 * training and where rules are combined it is called once with no rounds, and may throw then: so a
 * factory that was not called is found early. Where `evaluate` has no check it also sees a round of
 * the untrained model before training. `StoppingRule<object>` looks at no evaluation.
 */
export type StoppingRule<E = Evaluation> = (rounds: readonly RoundReport<E>[]) => StoppingDecision
