import { collapseOf } from '../../rounds/collapse-of.js'
import type { Evaluation, RoundReport } from '../../types.js'
import { countOf } from '../charts/in-words.js'
import { ratePoint } from '../charts/rate-point.js'
import { html, type Markup, type Part } from './markup.js'
import { task } from './report-options.js'
import type { ReportedRound, ReportedRun } from './reported-run.js'

/** False alarms at which misses are told where the model's own boundary is of no use. */
const FIXED = 0.1

/** A side of a network that is wholly wrong at its own boundary. */
export interface LostSides {
  /** Number of positives, all of which are missed. */
  readonly positives?: number
  /** Number of negatives, all of which raise a false alarm. */
  readonly negatives?: number
}

/** The sides that a round has wholly wrong at its own boundary; none where that is not told. */
export function lostSides(round: RoundReport<object>): LostSides {
  const { confusion } = round.evaluation as Partial<Evaluation>
  if (!confusion) return {}
  const { truePositives, falseNegatives, falsePositives, trueNegatives } = confusion
  return {
    ...(truePositives === 0 && falseNegatives > 0 && { positives: falseNegatives }),
    ...(trueNegatives === 0 && falsePositives > 0 && { negatives: falsePositives }),
  }
}

/**
 * A warning for a network that nobody can use as it is, which a rule may keep all the same: one that
 * looks at another boundary, or at another number.
 */
export function warningSection(run: ReportedRun, round: ReportedRound): Markup | undefined {
  const { positives, negatives } = lostSides(round)
  const collapsed = round.collapsed ?? collapseOf(round.evaluation)
  const lost: Part =
    (positives !== undefined && `it misses all ${positives} positives`) ||
    (negatives !== undefined && `all ${negatives} negatives raise a false alarm`) ||
    collapsed
  if (!lost) return undefined
  const isKept = run.kept?.round === round.round
  const rule = run.rule ? `the rule ${run.rule}` : 'its stopping rule'
  return html`<div class="warning" role="note"><p><strong>Not to be used as it is: at level
${round.round}, with the model's own boundary, ${lost}.</strong></p>
${isKept && html`<p>It is kept since ${rule} does not look at that.</p>`}
${elsewhere(round)}</div>`
}

/** The misses at a fixed rate of false alarms: a threshold may be all that is wrong. */
function elsewhere(round: ReportedRound): Markup | undefined {
  const point = pointOf(round)
  if (point?.count === undefined || point.rate === 1) return undefined
  return html`<p>Where 10 % of the negatives raise a false alarm, it misses ${countOf(point.count)} of
${point.of}: set a threshold, such as the option of <code>evaluateOn</code>, and look again.</p>`
}

function pointOf(round: ReportedRound) {
  try {
    return ratePoint(round, { task, side: 'misses', atFalsePositiveRate: FIXED })
  } catch (error) {
    if (error instanceof RangeError) return undefined // labels of one class alone
    throw error
  }
}
