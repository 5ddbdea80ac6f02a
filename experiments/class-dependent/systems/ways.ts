import { classDependent, paper, shiftImages, weightedCrossentropy } from 'tfjs-prune'
import { aucPairwise, falseNegativeBudget, lowFalseAlarmPairwise, sumOf } from 'tfjs-prune/losses'
import type { Setting, Way } from './system.js'

const budget = () => falseNegativeBudget({ positiveClass: 1, of: 'dense', slack: 0.02 })
const shifted = ({ takesImages }: Setting) =>
  takesImages ? { augment: shiftImages({ pixels: 2 }) } : {}

/** The ways to train by their names. */
export const ways: Readonly<Record<string, Way>> = {
  plain: () => ({ loss: weightedCrossentropy() }),
  blue: () => ({ loss: paper.blue() }),
  black: () => ({ loss: paper.black() }),
  green: () => ({ loss: paper.green() }),
  classWeight: () => ({ loss: classDependent({ gamma: 5 }) }),
  aucPairwise: () => ({ loss: sumOf(weightedCrossentropy(), aucPairwise()) }),
  hardNegatives: () => ({
    loss: sumOf(weightedCrossentropy(), lowFalseAlarmPairwise({ temperature: 1 })),
  }),
  budget: () => ({ loss: budget() }),
  shifts: (setting) => ({ loss: weightedCrossentropy(), ...shifted(setting) }),
  blackShifts: (setting) => ({ loss: paper.black(), ...shifted(setting) }),
  aucPairwiseShifts: (setting) => ({
    loss: sumOf(weightedCrossentropy(), aucPairwise()),
    ...shifted(setting),
  }),
  hardNegativesShifts: (setting) => ({
    loss: sumOf(weightedCrossentropy(), lowFalseAlarmPairwise({ temperature: 1 })),
    ...shifted(setting),
  }),
  budgetShifts: (setting) => ({ loss: budget(), ...shifted(setting) }),
}
