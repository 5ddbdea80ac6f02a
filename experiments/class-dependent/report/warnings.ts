import type { StudyLevel } from '../rows.js'
import { denseAuc } from './dense-auc.js'
import { type Judged, meanOf, runsOf } from './judged.js'
import { levelName } from './levels.js'
import type { StudyFacts } from './study-facts.js'
import { BASE } from './system-names.js'

/** Least number of seeds with which a claim of a side can be held. */
const LEAST_SEEDS = 10

/** Reasons for which a study shows little, each a sentence; none where there is no such reason. */
export function warningsOf(judged: Judged, facts?: StudyFacts): string[] {
  const counts = judged.systems.map((system) => runsOf(judged, system).length)
  const fewest = Math.min(...counts)
  const noise = nothingLearnt(judged, facts)
  return [
    ...noise,
    ...collapses(judged),
    ...(noise.length > 0 ? [] : harmfulShifts(judged)),
    ...(counts.length > 0 && fewest < LEAST_SEEDS
      ? [
          `With ${fewest} ${fewest === 1 ? 'seed' : 'seeds'} hardly a difference can be told from luck: an interval takes 6 seeds, a verdict about a side ${LEAST_SEEDS}.`,
        ]
      : []),
    ...(judged.systems.includes(BASE)
      ? []
      : [
          `Nothing is compared with plain tickets, and p-values are left out: the system \`${BASE}\` has no rows.`,
        ]),
  ]
}

/** Whether the dense network finds positives no better than by chance. */
function nothingLearnt(judged: Judged, facts?: StudyFacts): string[] {
  const system = judged.systems.includes(BASE) ? BASE : judged.systems[0]
  const dense = runsOf(judged, system ?? BASE).flatMap(({ levels }) => levels[0] ?? [])
  if (dense.length === 0) return []
  const auc = meanOf(dense.map((level) => level.auc))
  const most = 0.5 + (facts ? 1.96 * errorOfChance(facts) : 0)
  if (auc > most) return []
  const chance = facts
    ? `up to ${percent(most)} is chance on so few test images`
    : '50 % is a coin toss'
  return [
    `**Nothing was learnt.** The AUC of the dense network (${system}) is ${percent(auc)} on the test part, and ${chance}. The tables below tell noise. Take more images, more --steps, a larger --side, or look whether the folders hold the right pictures.`,
  ]
}

/** The standard error of an AUC where scores tell nothing: that of the Mann-Whitney statistic. */
function errorOfChance({ parts: { test } }: StudyFacts): number {
  const negatives = test.images - test.positives
  return Math.sqrt((test.images + 1) / (12 * test.positives * negatives))
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

/** Whether the dense networks of the recipe, which train on shifted images, are the worse ones. */
function harmfulShifts(judged: Judged): string[] {
  const [plain, own] = [denseAuc(judged, BASE), denseAuc(judged, 'recipe')]
  if (plain === undefined || own === undefined || own >= plain) return []
  return [
    `Shifts may harm here: on validation the dense networks of the recipe have an AUC of ${own.toFixed(2)} %, those of plain training ${plain.toFixed(2)} %. Look whether places tell the classes apart.`,
  ]
}

/** Whether a network gives all images one class at its own boundary, or ranks worse than a coin. */
const isCollapsed = ({ auc, argmax: { fnr, fpr } }: StudyLevel) =>
  auc < 0.5 || (fnr === 1 && fpr === 0) || (fnr === 0 && fpr === 1)

/** The levels of each system at which networks collapsed, with the number of seeds. */
function collapses(judged: Judged): string[] {
  const found = judged.systems.flatMap((system) => {
    const runs = runsOf(judged, system)
    const most = Math.max(0, ...runs.map(({ levels }) => levels.length))
    const counts = Array.from({ length: most }, (_, level) => ({
      level: levelName(level),
      count: runs.filter(({ levels }) => levels[level] && isCollapsed(levels[level])).length,
    })).filter(({ count }) => count > 0)
    const told = counts.map(({ level, count }) => `${count} at ${level}`).join(', ')
    return told ? [`${system}: ${told}.`] : []
  })
  if (found.length === 0) return []
  return [
    `Some networks call all images one class, or rank worse than a coin toss. Seeds by level: ${found.join(' ')}`,
  ]
}
