import {
  denseTeacher,
  forClasses,
  keepingShares,
  lamp,
  layerwiseObs,
  magnitude,
  maximumOf,
  normalised,
  random,
  repairToLoss,
  repairVariance,
  repairWeights,
  rewindLearningRate,
  rewindToSign,
  snip,
  taylor,
  weightedByRecall,
} from 'tfjs-prune'
import type { Repair, System } from './system.js'

const perClass = (label: 0 | 1) => normalised(forClasses(taylor(), { [label]: 1 }), 'sum')
const spared = () => ({ teach: denseTeacher(), spareEnds: true })
const byLamp = () => ({ allocate: lamp(), criterion: magnitude() })
const shared = () => ({ teach: denseTeacher(), ...byLamp() })

/** Masks by magnitude of the dense network, which are repaired instead of trained again. */
const repaired = (repair: Repair) => ({
  way: 'plain',
  pruning: () => ({ criterion: magnitude(), rewind: rewindLearningRate() }),
  trainsOnlyDense: true,
  repair,
})

/** The systems of the paper. */
const ofThePaper = {
  red: { way: 'plain' },
  blue: { way: 'blue' },
  black: { way: 'black' },
  green: { way: 'green' },
  'L-OBS': {
    way: 'plain',
    pruning: () => ({ criterion: layerwiseObs(), rewind: rewindLearningRate() }),
    trainsOnlyDense: true,
    needsSamples: true,
  },
  'SNIP, not trained again': {
    way: 'plain',
    pruning: () => ({ criterion: snip(), rewind: rewindLearningRate() }),
    trainsOnlyDense: true,
    needsSamples: true,
  },
  SNIP: { way: 'plain', pruning: () => ({ criterion: snip() }), needsSamples: true },
  separable: { way: 'plain', network: 'separable' },
} satisfies Record<string, System>

/** The controls that the paper leaves out. */
const controls = {
  'class weight': { way: 'classWeight' },
  random: { way: 'plain', pruning: ({ seed }) => ({ criterion: random({ seed }) }) },
  magnitude: { way: 'plain', pruning: () => ({ criterion: magnitude() }) },
  LAMP: { way: 'plain', pruning: byLamp },
  'rate rewound': { way: 'plain', pruning: () => ({ rewind: rewindLearningRate() }) },
  signs: {
    way: 'plain',
    pruning: () => ({ rewind: rewindToSign({ signs: 'trained', magnitudes: 'initial' }) }),
  },
} satisfies Record<string, System>

/** Networks that are repaired, and not trained again. */
const repairs = {
  'variance repaired': repaired((model, mask, samples) => repairVariance(model, mask, { samples })),
  'outputs repaired': repaired((model, mask, samples) => repairWeights(model, mask, { samples })),
  'loss repaired': repaired((model, mask, samples) => repairToLoss(model, mask, { samples })),
} satisfies Record<string, System>

/** The parts of the recipe, each by itself, and the recipe. */
const ofTheRecipe = {
  'ends whole': { way: 'plain', pruning: () => ({ spareEnds: true }) },
  teacher: { way: 'plain', pruning: () => ({ teach: denseTeacher() }) },
  shifts: { way: 'shifts' },
  'ends whole, teacher': { way: 'plain', pruning: spared },
  recipe: { way: 'shifts', pruning: spared },
  'recipe with LAMP': { way: 'shifts', pruning: shared },
} satisfies Record<string, System>

/** Class-dependent parts by themselves. */
const methods = {
  aucPairwise: { way: 'aucPairwise' },
  'hard negatives': { way: 'hardNegatives' },
  budget: { way: 'budget' },
  'worst class': {
    way: 'plain',
    pruning: () => ({ criterion: maximumOf(perClass(0), perClass(1)) }),
    needsSamples: true,
  },
  keepingShares: {
    way: 'plain',
    pruning: () => ({ criterion: keepingShares(taylor(), [0, 1]) }),
    needsSamples: true,
  },
  weightedByRecall: {
    way: 'plain',
    pruning: () => ({ criterion: weightedByRecall(normalised(taylor(), 'sum'), [0, 1]) }),
    needsSamples: true,
  },
} satisfies Record<string, System>

/** Class-dependent parts, and others, on top of the recipe. */
const onTheRecipe = {
  'recipe, black': { way: 'blackShifts', pruning: spared },
  'recipe, aucPairwise': { way: 'aucPairwiseShifts', pruning: spared },
  'recipe, hard negatives': { way: 'hardNegativesShifts', pruning: spared },
  'recipe, budget': { way: 'budgetShifts', pruning: spared },
  'recipe, worst class': {
    way: 'shifts',
    pruning: () => ({ ...spared(), criterion: maximumOf(perClass(0), perClass(1)) }),
    needsSamples: true,
  },
  'recipe, rate rewound': {
    way: 'shifts',
    pruning: () => ({ ...spared(), rewind: rewindLearningRate() }),
  },
  'recipe, averaged': { way: 'shifts', pruning: spared, averages: true },
} satisfies Record<string, System>

/** All systems by their names. */
export const systems: Readonly<Record<string, System>> = {
  ...ofThePaper,
  ...controls,
  ...repairs,
  ...ofTheRecipe,
  ...methods,
  ...onTheRecipe,
}
