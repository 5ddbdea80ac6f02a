import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkUnseen } from '../../certify/calibration-data.js'
import type { Certificate } from '../../certify/certificate.js'
import type { DecisionThreshold } from '../../certify/decision-threshold.js'
import { paretoFront } from '../../certify/pareto-front.js'
import { checkEvaluations } from '../../certify/tuning-data.js'
import type { Mask } from '../../masks/mask.js'
import type { Evaluation } from '../../types.js'
import type { NarrowestCertifyOptions } from './narrowest-certify-options.js'
import { prepareTests } from './prepare-tests.js'
import type { StoredModel } from './stored-model.js'
import { type FrontFile, testFront, tuned } from './test-front.js'
import { withStored } from './with-stored.js'

/** A type that is within the budget, its file and its measurement. */
export interface FeasibleTrial {
  readonly type: string
  readonly bytes: number
  readonly stored: StoredModel
  readonly evaluation: Evaluation
}

/** The answer of the tests: the certificate, and the decision for the file where there is one. */
export interface CertifiedTrials {
  readonly certificate: Certificate
  readonly decision?: DecisionThreshold
}

/** The two steps of a certificate of the types within a budget. */
export interface TrialTests {
  /** Throws where an evaluation cannot say a threshold, or has seen a calibration sample. */
  readonly check: (evaluation: Evaluation) => void
  readonly certify: (trials: readonly FeasibleTrial[]) => Promise<CertifiedTrials>
}

interface Context {
  readonly mask?: Mask | undefined
  readonly signal?: AbortSignal | undefined
}

/** Checks all that a certificate needs before anything is stored. */
export async function trialTests(
  model: LayersModel,
  options: NarrowestCertifyOptions,
  { mask, signal }: Context,
): Promise<TrialTests> {
  const { round: at = { round: 0, density: mask?.density ?? 1 }, ...samples } = options
  const { calibration, positiveClass, label } = options
  const { round, density } = at
  const running = { ...samples, model, ...(signal && { signal }) }
  const { tune, ...prepared } = await prepareTests(running)
  const check = (evaluation: Evaluation) => {
    checkUnseen(calibration)
    if (!tune) checkEvaluations([{ round, evaluation }], options)
  }
  const tunedFile = async ({ type, bytes, stored, evaluation }: FeasibleTrial) => {
    signal?.throwIfAborted()
    check(evaluation)
    const measured = tune && (await withStored(model, stored, () => tune(model, { signal })))
    const knobs = tuned(measured ?? evaluation, prepared.plan)
    return { round, density, type, bytes, stored, ...knobs } satisfies FrontFile
  }
  const certify = async (trials: readonly FeasibleTrial[]) => {
    const files: FrontFile[] = []
    for (const trial of trials) files.push(await tunedFile(trial))
    const certificate = await testFront(paretoFront(files), { ...running, ...prepared })
    const { accepted } = certificate
    if (!accepted) return { certificate }
    const { threshold } = accepted
    const about = { threshold, positiveClass, ...(label !== undefined && { label }) }
    return { certificate, decision: { ...about, certificate } }
  }
  return { check, certify }
}
