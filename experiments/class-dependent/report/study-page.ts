import { wrapped } from './cells.js'
import { CHARTS } from './charts/study-charts.js'
import { claimsWithRows, stateOf } from './claims-tables.js'
import { mainTable } from './figures-tables.js'
import { goalsWithRows } from './goal-table.js'
import type { Judged } from './judged.js'
import { besideDenseTable, recipeTables } from './recipe-table.js'
import { titleOf } from './studies.js'
import { factsTable, type StudyFacts } from './study-facts.js'
import { timeTable } from './time-table.js'
import { tuningTable } from './tuning-table.js'
import { warningsOf } from './warnings.js'

/** Options of {@link studyPage}. */
export interface StudyPageOptions {
  readonly facts?: StudyFacts | undefined
  /** The address of the guide's page, seen from the page. */
  readonly guide: string
  /** The files of the charts that were drawn. */
  readonly charts: Partial<Readonly<Record<keyof typeof CHARTS, string>>>
}

/** A study of one's own as a page: facts, warnings, and each table and chart with its words. */
export function studyPage(judged: Judged, { facts, guide, charts }: StudyPageOptions): string {
  const warnings = warningsOf(judged, facts).map(item)
  const chart = (name: keyof typeof CHARTS) =>
    charts[name] ? [`![${titleOf(judged.study)}: ${CHARTS[name].alt}](${charts[name]})`] : []
  const parts: readonly (string | undefined)[] = [
    `# Study: ${titleOf(judged.study)}`,
    ...(warnings.length > 0 ? ['## Take care', warnings.join('\n')] : []),
    '## Facts',
    facts && factsTable(facts),
    stateOf(judged, judged.systems),
    '## How to read it',
    wordsOf(guide),
    ...systemsPart(judged),
    ...section('Level by level', LEVELS_WORDS, chart('levels')),
    ...section('Misses against false alarms', CURVES_WORDS, chart('curves')),
    ...section('Misses against cost', COST_WORDS, chart('cost')),
    ...section('The claims of the paper', CLAIMS_WORDS, [claimsWithRows(judged)]),
    ...section('The goal of the recipe', GOAL_WORDS, [goalsWithRows(judged)]),
    ...section('The recipe, part by part', RECIPE_WORDS, [recipeTables(judged)]),
    ...section('Beside the dense network', DENSE_WORDS, [besideDense(judged)]),
    ...section('Tuned rates and epochs', TUNING_WORDS, [tuningTable(judged)]),
    ...section('Time', TIME_WORDS, [timeTable([judged])]),
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

/** A sign of percent stays with its number. */
const joinedSigns = (text: string) => text.replaceAll(' %', '\u00a0%')

const item = (text: string) => wrapped(`- ${joinedSigns(text)}`, 98).replaceAll('\n', '\n  ')

/** A heading, a sentence and its table or chart; nothing where there is none. */
function section(title: string, words: string, bodies: readonly (string | undefined)[]): string[] {
  const found = bodies.filter((body) => body !== undefined && body !== '') as string[]
  return found.length > 0 ? [`## ${title}`, wrapped(joinedSigns(words)), ...found] : []
}

const systemsPart = (judged: Judged) =>
  judged.systems.length > 0
    ? section('Systems side by side', SYSTEMS_WORDS, [mainTable(judged)])
    : ['No reported run yet: the study is at its tuning.']

function besideDense(judged: Judged): string | undefined {
  const table = besideDenseTable(judged)
  return table.split('\n').length > 2 ? table : undefined
}

const wordsOf = (guide: string) =>
  [
    '**FNR** is the share of positives that are missed, **FPR** the share of the others that raise a false alarm. Lower is better.',
    '**AUC** is the chance that a positive has a higher score than a negative: 50 % is a coin toss, 100 % is perfect.',
    'A **level** is a share of the weights that is left, from 100 % (the dense network) to 1.56 %; each has half the weights of the one before.',
    'A **system** is a way to train and to prune. Each has its own rate and epochs, chosen on the validation part, on seeds that are not reported.',
    'A **point** is a difference of 1 between two percentages. In brackets stands its exact 95 % interval over the seeds; p is by Wilcoxon’s signed-rank test with Holm’s correction.',
    '**Equal cost**: beside a network with at least as many multiply-adds, not with as many weights.',
    `The rules, the systems and the limits stand in [docs/guide/the-paper-put-to-the-test.md](${guide}).`,
  ]
    .map(item)
    .join('\n')

const SYSTEMS_WORDS =
  'Means over the seeds in %; the row _dense_ has all weights. The first column has FNR where FPR is 10 %, at four levels; the others are at 6.25 % of the weights. "Own" is the boundary of the network itself. p compares with red, over 6.25 % of the weights and below.'
const LEVELS_WORDS =
  'FNR, FPR and AUC as weights go. Lines are means over the seeds, bands a standard deviation. FNR at the own boundary falls where FPR rises, so read the first two charts together.'
const CURVES_WORDS =
  'FNR at 6.25 % of the weights where FPR is 5, 10 and 20 %. A lower line is better; on the left few false alarms are allowed.'
const COST_WORDS =
  'FNR against the multiply-adds that are left. A line goes from 12.5 % of the weights on the left to 1.56 %; the dashed line is the dense network of plain training. Multiply-adds are those of a runtime that skips zeros.'
const CLAIMS_WORDS =
  'Those claims whose systems were run. A claim is held or refuted where the interval of the difference leaves no doubt and p is below .05; else it is not shown, which does not say that there is no difference.'
const GOAL_WORDS =
  'The goal at 6.25 % of the weights and below: fewer misses than the baseline of equal cost, and at most 1 point more than the dense network, or a fifth of its misses where that is less. A difference below 0 says that the recipe misses less.'
const RECIPE_WORDS =
  'Each part beside the system that lacks it, at equal density, as the mean over 6.25 % of the weights and below. A difference below 0 says that the part lowers misses. Cost stands beside.'
const DENSE_WORDS =
  'FNR of the dense network of plain training → FNR at 6.25 % of the weights and below, and the difference.'
const TUNING_WORDS =
  'The rate and epochs that each system won with, by AUC on the validation part. A rate at the edge of those tried may not be the best one.'
const TIME_WORDS =
  'Hours of training as the rows tell them; reading, judging and waiting are not counted.'
