/**
 * The laws of the contracts as data, for any test runner: does a piece of your own keep them?
 *
 * @module tfjs-prune/testing
 */
export { allocatorLaws } from './allocator-laws.js'
export { criterionLaws } from './criterion-laws.js'
export { granularityLaws } from './granularity-laws.js'
export type { KindExample } from './kind-example.js'
export type { Law } from './law.js'
export { layerKindLaws } from './layer-kind-laws.js'
export { lossLaws } from './loss-laws.js'
export { rewinderLaws } from './rewinder-laws.js'
export { scheduleLaws } from './schedule-laws.js'
export { stoppingRuleLaws } from './stopping-rule-laws.js'
export { unitCriterionLaws } from './unit-criterion-laws.js'
