/**
 * Certificates: a bound on the misses for new data, the threshold that goes with it, and how many
 * samples it takes.
 *
 * @module tfjs-prune/certify
 */

export type { CalibrationData, CalibrationPlaces } from './calibration-data.js'
export type { Certificate, CertifiedLevel } from './certificate.js'
export { type CertifyOptions, certify } from './certify.js'
export {
  type CertifyScoresOptions,
  certifyScores,
  type ScoredLevel,
} from './certify-scores.js'
export {
  type DecisionThreshold,
  decisionThreshold,
  setDecisionThreshold,
} from './decision-threshold.js'
export { formatCertificate } from './format-certificate.js'
export { type NegativesNeededOptions, negativesNeeded } from './negatives-needed.js'
export {
  type NeymanPearsonOptions,
  neymanPearsonThreshold,
} from './neyman-pearson-threshold.js'
export { parseCertificate } from './parse-certificate.js'
export { type PositivesNeededOptions, positivesNeeded } from './positives-needed.js'
export { type ProvableRateOptions, provableRate } from './provable-rate.js'
export type { Risks } from './risks.js'
