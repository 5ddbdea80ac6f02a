import { FIXED } from './measure-level.js'
import type { StudyLevel } from './rows.js'

/**
 * Figures of a network that is dead: it gives all images one score, so that it finds positives by
 * chance alone, and none at its own boundary.
 */
export const chanceLevel = (density: number): StudyLevel => ({
  ...{ density, auc: 0.5, validationAuc: 0.5, partialAuc: 0.5 },
  argmax: { fnr: 1, fpr: 0 },
  atFpr: FIXED.map((fpr) => ({ fpr, curve: 1 - fpr, moved: { fnr: 1, fpr: 0 } })),
  ...{ multiplyAdds: 0, seconds: 0, isDead: true },
})
