// Charts and a report with version 6 of Vega and Vega-Lite; the library's own tests run on 5.
import assert from 'node:assert/strict'
import { missesChart } from 'tfjs-prune/report'
import { renderSvg } from 'tfjs-prune/report/vega'

const rounds = [1, 2].map((falseNegatives, round) => {
  const confusion = { truePositives: 53, falseNegatives, falsePositives: 1, trueNegatives: 88 }
  return { round, density: 0.5 ** round, evaluation: { confusion } }
})
const svg = await renderSvg(missesChart(rounds))
assert.match(svg, /^<svg[\s\S]*Misses grow from[\s\S]*<\/svg>$/)
