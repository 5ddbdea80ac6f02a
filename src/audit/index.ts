/**
 * The audit of harm: who pays for the pruning, by class and by group, and whether that is beyond
 * chance.
 *
 * @module tfjs-prune/audit
 */
export type { Audit, ClassHarm, GroupHarm, Harm, HarmSide, Impact } from './audit.js'
export { type AuditedModel, type AuditHarmOptions, auditHarm } from './audit-harm.js'
export type { AuditOutcomesOptions } from './audit-options.js'
export { auditOutcomes } from './audit-outcomes.js'
export { type AuditedRun, type AuditRoundsOptions, auditRounds } from './audit-rounds.js'
export { type CalibrationErrorOptions, calibrationError } from './calibration-error.js'
export type { Exemplar } from './exemplars.js'
export { formatAudit } from './format-audit.js'
export type { Outcomes } from './outcomes.js'
export { type OutcomesOptions, outcomesOf } from './outcomes-of.js'
export type { CorrelatedSample, RankCorrelations } from './rank-correlations.js'
export type { DistortedClass, RecallDistortion } from './recall-distortion.js'
