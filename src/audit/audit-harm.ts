import type { LayersModel } from '@tensorflow/tfjs-layers'
import { whileBusy } from '../internal/busy-models.js'
import { checkModel } from '../internal/check-model.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { copyOptions } from '../internal/copy-options.js'
import { modelWeights } from '../internal/model-weights.js'
import { anything, required } from '../internal/option-checks.js'
import { readWeights, writeWeights } from '../internal/weight-values.js'
import { checkMask } from '../masks/check-mask.js'
import type { Round } from '../rounds/round.js'
import { writeTrained } from '../rounds/write-trained.js'
import type { SampleData } from '../types.js'
import type { Audit } from './audit.js'
import { type AuditOutcomesOptions, auditChecks } from './audit-options.js'
import { auditOutcomes } from './audit-outcomes.js'
import { paired, task } from './check-outcomes.js'
import type { Outcomes } from './outcomes.js'
import { checkDecided, type OutcomesOptions, outcomesChecks, outcomesOf } from './outcomes-of.js'

/** Options of {@link auditHarm}. */
export interface AuditHarmOptions extends AuditOutcomesOptions, OutcomesOptions {
  /** The samples, such as a held-out part; never disposed. */
  readonly data: SampleData
  /** The model that takes the weights of rounds, where networks are given as rounds. */
  readonly model?: LayersModel
}

/** A network that is audited: a model, or a finished round for the option `model`. */
export type AuditedModel = LayersModel | Round<object>

const checks: OptionChecks<AuditHarmOptions> = {
  ...auditChecks,
  ...outcomesChecks,
  data: required(anything),
  model: anything,
}

/**
 * Audits the harm of pruning: runs the dense and the pruned networks on the same samples and
 * compares them by class, by group and sample by sample.
 *
 * Give a dense and a pruned network, or a list of each: seeds of one setting, paired by their
 * places. `auditOutcomes` says how it looks at them; `auditRounds` needs no samples where the
 * evaluations of the rounds have them.
 *
 * @param dense The dense network, a model or a finished round, or a list.
 * @param pruned The pruned network, or a list of as many.
 * @param options The samples, the groups, and how the networks decide and are run.
 * @returns The audit: plain data. Rounds leave `model` with the weights that it had; no tensor is
 *   left behind.
 * @throws {TypeError} If a round comes without `model`, an option is unknown or of the wrong type,
 *   or `outcomesOf` or `auditOutcomes` would throw one.
 * @throws {RangeError} If a round does not fit the model, a network is on both sides of a pair, or
 *   `outcomesOf` or `auditOutcomes` would throw one.
 *
 * @example
 * ```ts
 * import { tensor2d, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, prune } from 'tfjs-prune'
 * import { auditHarm, formatAudit } from 'tfjs-prune/audit'
 *
 * const ys = Int32Array.from({ length: 60 }, (_, i) => Number(i % 3 === 0))
 * const data = { xs: tensor2d(Array.from(ys, (label, i) => [4 * label - 2, Math.sin(i)])), ys }
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [2] })] })
 * const { rounds } = await prune(model, {
 *   train: fit(data, { optimizer: () => train.sgd(0.1), epochs: 5 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.5],
 * })
 * const scanner = Array.from(ys, (_, i) => (i % 2 ? 'new' : 'old'))
 * const audit = await auditHarm(rounds[0]!, rounds[1]!, { model, data, groups: { scanner } })
 * if (audit.groups.scanner?.length !== 2) throw new Error('two scanners')
 * if (!formatAudit(audit).includes('scanner')) throw new Error(formatAudit(audit))
 * ```
 */
export async function auditHarm(
  dense: AuditedModel | readonly AuditedModel[],
  pruned: AuditedModel | readonly AuditedModel[],
  options: AuditHarmOptions,
): Promise<Audit> {
  checkOptions(options, { task, checks })
  checkDecided(options)
  const sides = paired(dense, pruned)
  for (const network of [...sides.dense, ...sides.pruned]) checkNetwork(network, options)
  checkOther(sides)
  const { groups, confidence, classes, classNames, bins, data, model, ...running } = copyOptions(
    options,
    checks,
  )
  const measure = async (network: AuditedModel) =>
    isRound(network)
      ? measureRound(model!, network, () => outcomesOf(model!, data, running))
      : outcomesOf(network, data, running)
  const [before, after]: Outcomes[][] = [[], []] as Outcomes[][]
  for (const network of sides.dense) before!.push(await measure(network))
  for (const network of sides.pruned) after!.push(await measure(network))
  return auditOutcomes(before!, after!, {
    ...(groups && { groups }),
    ...(confidence !== undefined && { confidence }),
    ...(classes !== undefined && { classes }),
    ...(classNames && { classNames }),
    ...(bins !== undefined && { bins }),
  })
}

function isRound(network: AuditedModel): network is Round<object> {
  return typeof network === 'object' && network !== null && 'trained' in network
}

function checkNetwork(network: AuditedModel, { model }: AuditHarmOptions): void {
  if (!isRound(network)) {
    checkModel(network, task)
    return
  }
  if (model === undefined)
    throw new TypeError(`Cannot ${task}: expected model beside rounds, got none`)
  checkModel(model, task)
  checkMask(model, network.mask)
}

/** Throws where a network would be compared with itself. */
function checkOther({ dense, pruned }: ReturnType<typeof paired<AuditedModel>>): void {
  const same = dense.find((network, i) => network === pruned[i])
  if (!same) return
  const got = isRound(same)
    ? `round ${same.round} on both sides`
    : 'one model on both sides: a model is pruned in place, its rounds hold the weights of before'
  throw new RangeError(`Cannot ${task}: expected another network as the pruned one, got ${got}`)
}

/** Outcomes with the weights of a round; the model has its own again when it settles. */
async function measureRound(
  model: LayersModel,
  round: Round<object>,
  measure: () => Promise<Outcomes>,
) {
  const work = async () => {
    const own = await readWeights(model)
    try {
      writeTrained(modelWeights(model), round)
      return await measure()
    } finally {
      writeWeights(model, own)
    }
  }
  return whileBusy(model, work, task)
}
