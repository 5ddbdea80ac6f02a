/**
 * Certificates: a bound on the misses for new data, the threshold that goes with it, and how many
 * samples it takes.
 *
 * @module tfjs-prune/certify
 */

export type { AgreementCertificate, AgreementPromise } from './agreement/agreement-certificate.js'
export { type CertifyAgreementOptions, certifyAgreement } from './agreement/certify-agreement.js'
export { certifyDecisions, type DecidedLevel } from './agreement/certify-decisions.js'
export type { CalibrationData, CalibrationPlaces } from './calibration-data.js'
export type { Certificate, CertifiedLevel } from './certificate.js'
export { type CertifyOptions, certify } from './certify.js'
export { type CertifyFrontOptions, certifyFront, type ScoredFile } from './certify-front.js'
export {
  type CertifyScoresOptions,
  certifyScores,
  type ScoredLevel,
} from './certify-scores.js'
export { type ChanceToPassOptions, chanceToPass } from './chance-to-pass.js'
export { checkCertified } from './check-certified.js'
export { certifyClassScores } from './classes/certify-class-scores.js'
export {
  type CertifyClassesOptions,
  type ClassSplit,
  certifyClasses,
} from './classes/certify-classes.js'
export type { CertifiedClassLevel, ClassCertificate } from './classes/class-certificate.js'
export type { ClassLimits } from './classes/class-limits.js'
export type { ClassLevel, ClassPromise } from './classes/class-plan.js'
export {
  type ClassSamplesNeededOptions,
  classSamplesNeeded,
} from './classes/class-samples-needed.js'
export { decideClass } from './classes/decide-class.js'
export type { ClassScores, TunedClass } from './classes/tune-weights.js'
export {
  type DecisionThreshold,
  decisionThreshold,
  setDecisionThreshold,
} from './decision-threshold.js'
export { formatCertificate } from './format-certificate.js'
export { type LikeliestThresholdOptions, likeliestThreshold } from './likeliest-threshold.js'
export type { CertificateMethod, LevelMethod } from './method.js'
export { type NegativesNeededOptions, negativesNeeded } from './negatives-needed.js'
export {
  type NeymanPearsonOptions,
  neymanPearsonThreshold,
} from './neyman-pearson-threshold.js'
export { decideOrdered, type OrderedRule } from './ordered/decide-ordered.js'
export {
  type OrderedThresholdsOptions,
  orderedThresholds,
} from './ordered/ordered-thresholds.js'
export { parseCertificate } from './parse-certificate.js'
export { certifyPositiveScores } from './positives/certify-positive-scores.js'
export { type CertifyPositivesOptions, certifyPositives } from './positives/certify-positives.js'
export type {
  CertifiedPositivesLevel,
  PositivesCertificate,
  PositivesPromise,
} from './positives/positives-certificate.js'
export type { PositivesLevel } from './positives/positives-plan.js'
export { type PositivesNeededOptions, positivesNeeded } from './positives-needed.js'
export { type ProvableRateOptions, provableRate } from './provable-rate.js'
export type {
  PromisedRate,
  RateCertificate,
  RateTest,
  TestedRound,
} from './rates/rate-certificate.js'
export type { UnlabelledData } from './rates/read-log-rows.js'
export type { Risks } from './risks.js'
export type { CertifyRunOptions } from './run-options.js'
export { formatRateCertificate } from './stored/format-rate-certificate.js'
export { type AnyRateCertificate, parseRateCertificate } from './stored/parse-rate-certificate.js'
export type { TuningData } from './tuning-data.js'
export { type WeightsFingerprintOptions, weightsFingerprint } from './weights-fingerprint.js'
